import Glibc
import OS

/// A launcher that makes a sandbox ahead of time, waits there for a command, and runs it.
///
/// Setting a sandbox up takes longer than many commands run; while the model thinks, the time is free.
final class WaitingLauncher {
    private let server: ForkServer
    private let process: ProcessDescriptor
    private var status: LauncherStatus
    /// Closing it ends the launcher and everything that it has started.
    private let line: Descriptor

    init(_ server: ForkServer, plan: LauncherPlan) throws(LaunchFailure) {
        self.server = server
        let status = try LaunchFailure.unless(Pipe.init)
        let ends = try LaunchFailure.unless(SocketPair.init)
        process = ProcessDescriptor(try server.fork(plan: plan, status: status.writing, line: ends.far))
        line = ends.near
        self.status = LauncherStatus(status.reading)
    }

    /// Waits until the sandbox is ready for a command.
    func waitUntilReady(_ timeout: Duration) throws(LaunchFailure) {
        try status.waitUntilReady(timeout)
    }

    /// Hands over a command, which runs as soon as the sandbox is ready; false if the launcher is gone.
    func run(_ command: PreparedCommand) throws(LaunchFailure) -> Bool {
        // Its children may outlive it for a moment and would accept the command.
        guard !process.waitForEnd(milliseconds: 0) else { return false }
        var bytes: [UInt8] = []
        let fields = [command.directory, "\(command.words.count)"] + command.words + command.environment.entries
        for field in fields { bytes += Array(field.utf8) + [0] }
        let file: Descriptor
        do throws(SystemError) { file = try Descriptor.sealed(bytes) } catch {
            throw LaunchFailure("cannot keep the command", error)
        }
        // A launcher that cannot take the command is replaced by another one.
        return (try? line.send(command.streams.all + [file])) != nil
    }

    /// Ends a launcher that has no command.
    func dismiss() {
        // Not SIGKILL, after which we would have to end the namespace's first process.
        shutdown(line.raw, Int32(SHUT_RDWR))
        if !process.waitForEnd(milliseconds: 5000) { process.send(SIGKILL) }
    }
}

extension WaitingLauncher: LaunchedCommand {
    var exitDescriptor: Int32 { process.raw }
    var statusDescriptor: Int32 { status.descriptor }
    var isGone: Bool { status.usage != nil }

    func readStatus() { status.read() }

    func terminate() -> Bool {
        process.send(SIGTERM)
        return true
    }

    func kill() {
        process.send(SIGHUP)
    }

    func reap() -> Ending {
        var ending = Ending(how: .stuck)
        // Its first process dies with it, and everything with that.
        if !isGone, !process.waitForEnd(milliseconds: 0) { process.send(SIGKILL) }
        guard isGone || process.waitForEnd(milliseconds: 5000) else {
            ending.leftProcesses = true
            return ending
        }
        status.read()
        // The proxy serves all commands: when several run at once, a refusal may be reported for another one.
        ending.deniedHosts = server.proxy?.takeDenied() ?? []
        ending.leftProcesses = status.usage == nil
        ending.usage = status.usage ?? ending.usage
        ending.how = status.outcome ?? .signalled(SIGKILL)
        ending.ranOutOfMemory = status.ranOutOfMemory
        return ending
    }
}

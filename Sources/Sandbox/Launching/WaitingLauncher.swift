import Glibc
import OS

/// A launcher that sets up a sandbox ahead of time, waits for a command, and runs it.
///
/// The set-up takes longer than many commands run; while the model works, it costs nothing.
final class WaitingLauncher {
    private let server: ForkServer
    private let process: ProcessDescriptor
    private var status: LauncherStatus
    /// Closing it ends the launcher and all its processes.
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

    /// Hands over a command, which runs as soon as the sandbox is ready; false if the launcher has ended.
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
        // The caller takes another launcher if this one cannot receive the command.
        return (try? line.send(command.streams.all + [file])) != nil
    }

    /// Ends a launcher that has no command.
    func dismiss() {
        // Not SIGKILL, after which the namespace's first process would have to be killed here.
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
        // All processes die with its first one, which dies with it.
        if !isGone, !process.waitForEnd(milliseconds: 0) { process.send(SIGKILL) }
        guard isGone || process.waitForEnd(milliseconds: 5000) else {
            ending.leftProcesses = true
            return ending
        }
        status.read()
        // The proxy serves all commands: a refusal may be reported for another one that runs at the same time.
        ending.deniedHosts = server.proxy?.takeDenied() ?? []
        ending.leftProcesses = status.usage == nil
        ending.usage = status.usage ?? ending.usage
        ending.how = status.outcome ?? .signalled(SIGKILL)
        ending.ranOutOfMemory = status.ranOutOfMemory
        return ending
    }
}

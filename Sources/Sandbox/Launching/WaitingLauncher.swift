import Glibc
import OS

/// A launcher that makes a sandbox ahead of time, waits there for a command, and runs it.
///
/// Making one takes longer than many a command; done while the model thinks, it takes no time.
final class WaitingLauncher {
    private let server: ForkServer
    private let process: ProcessDescriptor
    private var status: LauncherStatus
    /// Its closing ends the launcher and all that it has started.
    private let line: Descriptor

    init(_ server: ForkServer, plan: LauncherPlan) throws(LaunchFailure) {
        self.server = server
        let status = try LaunchFailure.unless(Pipe.init)
        let ends = try LaunchFailure.unless(SocketPair.init)
        process = ProcessDescriptor(try server.fork(plan: plan, status: status.writing, line: ends.far))
        line = ends.near
        self.status = LauncherStatus(status.reading)
    }

    /// Waits until nothing but the command is missing.
    func waitUntilReady(_ timeout: Duration) throws(LaunchFailure) {
        try status.waitUntilReady(timeout)
    }

    /// Has it run a command, at once or as soon as it is ready; false if it is gone.
    func run(_ command: PreparedCommand) throws(LaunchFailure) -> Bool {
        // What it has started may live a little longer and take the command.
        guard !process.waitForEnd(milliseconds: 0) else { return false }
        var bytes: [UInt8] = []
        let fields = [command.directory, "\(command.words.count)"] + command.words + command.environment.entries
        for field in fields { bytes += Array(field.utf8) + [0] }
        let file: Descriptor
        do throws(SystemError) { file = try Descriptor.sealed(bytes) } catch {
            throw LaunchFailure("cannot keep the command", error)
        }
        // What it cannot take, another one will.
        return (try? line.send(command.streams.all + [file])) != nil
    }

    /// Ends one that has got no command.
    func dismiss() {
        // Not SIGKILL, which would leave the namespace's first process to us.
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
        // The proxy serves all commands; one at a time is the rule, and then these are this one's.
        ending.deniedHosts = server.proxy?.takeDenied() ?? []
        ending.leftProcesses = status.usage == nil
        ending.usage = status.usage ?? ending.usage
        ending.how = status.outcome ?? .signalled(SIGKILL)
        ending.ranOutOfMemory = status.ranOutOfMemory
        return ending
    }
}

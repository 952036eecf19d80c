import Glibc
import OS

/// A command in Graft's launcher without namespaces.
///
/// The launcher ends only after all processes inside, so that waiting for it is waiting for all; its usage is that of
/// all of them. It reports on its status pipe how the command ended.
final class LauncherCommand: LaunchedCommand {
    private let launcher: ChildProcess
    private var status: LauncherStatus

    init(_ command: PreparedCommand, program: String, plan: LauncherPlan) throws(LaunchFailure) {
        let status = try LaunchFailure.unless(Pipe.init)
        do {
            launcher = try ChildProcess(
                path: program, arguments: [program, "\(getpid())", command.directory] + command.words,
                environment: command.environment.entries, directory: "/",
                descriptors: command.streams.all + [plan.file, status.writing])
        } catch {
            throw LaunchFailure(error)
        }
        self.status = LauncherStatus(status.reading)
    }

    var exitDescriptor: Int32 { launcher.exitDescriptor }
    var statusDescriptor: Int32 { status.descriptor }

    func readStatus() { status.read() }

    func terminate() -> Bool {
        launcher.send(SIGTERM)
        return true
    }

    func kill() {
        launcher.send(SIGHUP)
    }

    func reap() -> Ending {
        var ending = Ending(how: .stuck)
        // All processes die with its first one, which dies with it.
        if !launcher.waitForEnd(milliseconds: 0) { launcher.send(SIGKILL) }
        guard launcher.waitForEnd(milliseconds: 5000), let end = launcher.reap() else {
            ending.leftProcesses = true
            return ending
        }
        ending.usage = CommandResult.Usage(end)
        // These two signals end the launcher only before it has started a process; SIGKILL does at any time.
        if case .signalled(let signal) = end.how { ending.leftProcesses = ![SIGHUP, SIGTERM].contains(signal) }
        status.read()
        ending.how = status.outcome ?? .signalled(SIGKILL)
        ending.ranOutOfMemory = status.ranOutOfMemory
        return ending
    }
}

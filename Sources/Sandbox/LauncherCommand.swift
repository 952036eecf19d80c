import CSpawn
import Glibc

/// A command inside the sandbox that Graft's own launcher makes.
///
/// The launcher stays outside and ends only when everything inside is gone, so waiting for it is waiting for all; what
/// it used is what all of them used. It tells on its status pipe how the command ended.
final class LauncherCommand: LaunchedCommand {
    private let launcher: ChildProcess
    private var status: LauncherStatus
    private let namespaces: SharedNamespaces?

    init(
        _ own: OwnLauncher, words: [String], environment: [String], directory: String, streams: CommandStreams
    ) throws(LaunchFailure) {
        guard words.first?.isEmpty == false else { throw LaunchFailure("the command is empty") }
        let status = try Pipe()
        let shared = own.namespaces?.all ?? []
        do {
            launcher = try ChildProcess(
                path: own.program, arguments: [own.program, "\(getpid())", directory] + words,
                environment: environment, directory: "/",
                descriptors: streams.all + [own.plan.file, status.writing] + shared)
        } catch {
            throw LaunchFailure("cannot start \(own.program)", error.code)
        }
        self.status = LauncherStatus(status.reading)
        namespaces = own.namespaces
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
        // Its first process dies with it, and everything with that.
        if !launcher.waitForEnd(milliseconds: 0) { launcher.send(SIGKILL) }
        guard launcher.waitForEnd(milliseconds: 5000), let end = launcher.reap() else {
            ending.leftProcesses = true
            return ending
        }
        ending.usage = end.usage
        // The proxy serves all commands; one at a time is the rule, and then these are this one's.
        ending.deniedHosts = namespaces?.proxy?.takeDenied() ?? []
        // It holds these two back before it starts anything; SIGKILL it cannot.
        let isEarly = graft_exited(end.status) == 0 && [SIGHUP, SIGTERM].contains(graft_signal(end.status))
        ending.leftProcesses = graft_exited(end.status) == 0 && !isEarly
        status.read()
        ending.how = status.outcome ?? .signalled(SIGKILL)
        return ending
    }
}

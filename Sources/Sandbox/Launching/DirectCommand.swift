import Glibc
import OS
import Synchronization

/// A command without a sandbox, in a session of its own.
///
/// It may leave processes behind, unlike a namespace: Graft kills the process group and every process with the
/// command's mark in its environment; a process that has cleared its environment and left the group survives. If Graft
/// itself is killed, the command survives, too.
final class DirectCommand: LaunchedCommand {
    private static let counter = Atomic<Int>(0)

    private let process: ChildProcess
    private let mark: String

    init(_ command: PreparedCommand) throws(LaunchFailure) {
        mark = "GRAFT_COMMAND=\(getpid())-\(Self.counter.add(1, ordering: .relaxed).newValue)"
        let name = command.words.first ?? ""
        guard let path = FilePath.program(name, searchPath: command.environment["PATH"] ?? "") else {
            throw LaunchFailure("\(name): command not found")
        }
        let entries = command.environment.entries + [mark]
        func start(_ path: String, _ words: [String]) throws(SystemError) -> ChildProcess {
            try ChildProcess(
                path: path, arguments: words, environment: entries, directory: command.directory,
                descriptors: command.streams.all)
        }
        do {
            process = try start(path, command.words)
        } catch {
            // The shell runs a script without an interpreter line, as with execvp(3).
            guard error.number == ENOEXEC,
                let script = try? start("/bin/sh", ["/bin/sh", path] + command.words.dropFirst())
            else { throw LaunchFailure(name, error) }
            process = script
        }
    }

    var exitDescriptor: Int32 { process.exitDescriptor }
    var statusDescriptor: Int32 { -1 }

    func readStatus() {}

    func terminate() -> Bool { process.sendToGroup(SIGTERM) }

    func kill() {
        if !process.sendToGroup(SIGKILL) { process.send(SIGKILL) }
    }

    func reap() -> Ending {
        // Before the leader is reaped, so that the id of the group was not reused.
        _ = process.sendToGroup(SIGKILL)
        let end = process.reap()
        var ending = Ending(how: .stuck, leftProcesses: !ProcessSweep(mark: mark, session: process.pid).run())
        guard let end else { return ending }
        ending.usage = CommandResult.Usage(end)
        ending.how =
            switch end.how {
            case .exited(let status): .exited(status)
            case .signalled(let signal): .signalled(signal)
            }
        return ending
    }
}

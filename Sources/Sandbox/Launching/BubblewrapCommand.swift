import Glibc
import OS

/// A command inside `bwrap`.
///
/// `bwrap` has a second process, PID 1 of the namespace, and reports its id on the status pipe before the command runs.
/// All processes of the command die with that one, but only after `bwrap` itself has ended, so that both are waited
/// for. This process, a subreaper, then becomes the parent of PID 1, whose usage is the command's.
final class BubblewrapCommand: LaunchedCommand {
    private let launcher: ChildProcess
    private let status: Descriptor
    /// The command starts when this is closed.
    private var gate: Descriptor?
    private var said: [UInt8] = []
    private var hasMoreToSay = true
    private var firstProcess: ChildProcess?
    /// Graft's launcher inside, which adds what `bwrap` lacks and reports how the command ended.
    private var inner: LauncherStatus

    /// - Parameter starter: The path of Graft's launcher, which joins the plan's control groups before it executes
    ///   `bwrap`; nil without control groups.
    init(
        _ command: PreparedCommand, arguments: BubblewrapArguments, plan: LauncherPlan, launcher program: Descriptor,
        starter: String?
    ) throws(LaunchFailure) {
        let status = try LaunchFailure.unless(Pipe.init)
        let block = try LaunchFailure.unless(Pipe.init)
        let inner = try LaunchFailure.unless(Pipe.init)
        let words =
            (starter.map { [$0, "enter"] } ?? []) + arguments.command(command.words, directory: command.directory)
        do {
            launcher = try ChildProcess(
                path: words[0], arguments: words, environment: command.environment.entries, directory: "/",
                descriptors: command.streams.all + [plan.file, inner.writing, status.writing, block.reading, program])
        } catch {
            throw LaunchFailure(error)
        }
        self.status = status.reading
        self.inner = LauncherStatus(inner.reading)
        gate = block.writing
    }

    var exitDescriptor: Int32 { launcher.exitDescriptor }
    var statusDescriptor: Int32 { hasMoreToSay ? status.raw : -1 }

    func readStatus() {
        var buffer = [UInt8](repeating: 0, count: 1024)
        while hasMoreToSay {
            let count = read(status.raw, &buffer, buffer.count)
            if count > 0 {
                said += buffer[..<count]
            } else if count == 0 {
                hasMoreToSay = false
            } else if errno != EINTR {
                break
            }
        }
        guard gate != nil, let pid = number(after: "\"child-pid\": ") else { return }
        // The process waits at the gate, so that its id was not reused.
        firstProcess = ChildProcess(adopting: pid)
        gate = nil
    }

    func terminate() -> Bool {
        readStatus()
        return firstProcess?.sendToGroup(SIGTERM) ?? false
    }

    func kill() {
        waitForFirstProcess()
        firstProcess?.send(SIGKILL)
        launcher.send(SIGKILL)
    }

    /// Waits until `bwrap` has reported PID 1, or has ended.
    ///
    /// If `bwrap` were killed between making and reporting that process, the process would be unknown and wait for
    /// ever.
    private func waitForFirstProcess() {
        let deadline = ContinuousClock.now + .seconds(5)
        readStatus()
        while firstProcess == nil, hasMoreToSay, ContinuousClock.now < deadline {
            var entries = [status.raw, launcher.exitDescriptor].map {
                pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
            }
            _ = poll(&entries, 2, 1000)
            readStatus()
            if entries[1].revents != 0 { return }
        }
    }

    func reap() -> Ending {
        readStatus()
        let launcherEnd = launcher.reap()
        var ending = Ending(how: .stuck)
        if let firstProcess {
            firstProcess.send(SIGKILL)
            // PID 1 ends only after the last process of the namespace.
            ending.leftProcesses = !firstProcess.waitForEnd(milliseconds: 5000)
            if let end = firstProcess.reap() { ending.usage = CommandResult.Usage(end) }
        }
        guard let end = launcherEnd else {
            ending.leftProcesses = true
            return ending
        }
        inner.read()
        ending.ranOutOfMemory = inner.ranOutOfMemory
        if let outcome = inner.outcome {
            ending.how = outcome
            return ending
        }
        if case .signalled(let signal) = end.how {
            ending.how = .signalled(signal)
            if gate != nil { ending.leftProcesses = true }
        } else if let exit = number(after: "\"exit-code\": ") {
            ending.how = Self.commonSignals.contains(exit - 128) ? .signalled(exit - 128) : .exited(exit)
        } else {
            ending.how = .neverStarted
        }
        return ending
    }

    /// Signals that end programs; not SIGHUP, because git exits with 129 when it is called wrongly.
    private static let commonSignals: Set<Int32> = [
        SIGINT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGKILL, SIGSEGV, SIGPIPE, SIGTERM, SIGXCPU, SIGXFSZ, SIGSYS,
    ]

    /// Finds a number in the status output of `bwrap`.
    ///
    /// It writes each number at once, but the rest of the line may follow later.
    private func number(after key: String) -> Int32? {
        let text = String(decoding: said, as: UTF8.self)
        guard let start = text.firstRange(of: key)?.upperBound else { return nil }
        return Int32(text[start...].prefix { $0.isNumber })
    }
}

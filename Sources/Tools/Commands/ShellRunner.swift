import Responses
public import Sandbox
public import Session
public import Workspace

/// Runs the model's shell lines, one at a time.
public struct ShellRunner: Sendable {
    let sandbox: Sandbox
    let environment: SandboxEnvironment
    let folder: SessionFolder
    let events: any EventSink
    /// The longest time limit of one line, whatever the model asks for.
    let longestTimeout: Duration
    /// What the person is told of closed paths.
    let closedPaths: ClosedPathNotices

    /// Makes a runner in a sandbox.
    ///
    /// - Parameter longestTimeout: The most time one line gets, whatever the model asks for.
    public init(
        sandbox: Sandbox, environment: SandboxEnvironment, folder: SessionFolder, events: any EventSink,
        longestTimeout: Duration, closedPaths: ClosedPathNotices = ClosedPathNotices()
    ) {
        self.sandbox = sandbox
        self.environment = environment
        self.folder = folder
        self.events = events
        self.longestTimeout = longestTimeout
        self.closedPaths = closedPaths
    }

    /// The same runner in another sandbox.
    func with(_ sandbox: Sandbox) -> ShellRunner {
        ShellRunner(
            sandbox: sandbox, environment: environment, folder: folder, events: events, longestTimeout: longestTimeout,
            closedPaths: closedPaths)
    }

    private static let usualTimeout: Duration = .seconds(120)
    private static let outputLimit = 16 * 1024

    private static let interrupted = "[interrupted: Graft was stopped while this ran]\n"

    /// Runs one line of a call; cancelling the task ends the command.
    func run(_ command: String, request: ShellCall, callID: String? = nil) async -> ShellOutcome {
        let id = events.nextItemID()
        events.record(.itemStarted(RunItem(id: id, callID: callID, content: .commandExecution(command: command, nil))))
        let time = TimeLimit(asked: request.timeout, usual: Self.usualTimeout, longest: longestTimeout)
        var process = CommandRequest(
            .shell(command), environment: environment, timeout: time.duration,
            log: .init(directory: folder.output, name: id))
        process.onOutput = { [events] in events.record(.progress(.output(of: id, $0.bytes))) }
        let result = await sandbox.run(process)
        let limit = min(max(request.outputLimit ?? Self.outputLimit, 256), 4 * Self.outputLimit)
        let errors =
            OutputTruncation(byteLimit: limit / 2, handle: result.stderr.file?.handle).render(result.stderr)
            + result.remarks(limit: time)
        let output = OutputTruncation(byteLimit: limit - errors.utf8.count, handle: result.stdout.file?.handle)
            .render(result.stdout)
        let report = CommandReport(
            result, ending: result.outcome.explained(timeout: time.duration), output: output + errors)
        events.record(
            .itemCompleted(RunItem(id: id, callID: callID, content: .commandExecution(command: command, report))))
        closedPaths.record(result, in: events)
        if let failure = result.stdout.file?.failure ?? result.stderr.file?.failure {
            events.record(.notice("the output of \(command) is not kept whole: \(failure)"))
        }
        switch result.outcome {
        case .timedOut: return ShellOutcome(stdout: output, stderr: errors, ending: .timeout)
        case .notStarted(let message): return ShellOutcome(stderr: message, ending: .exit(126))
        case .cancelled: return ShellOutcome(stdout: output, stderr: errors + Self.interrupted, ending: .exit(130))
        case .exited, .signalled:
            return ShellOutcome(
                stdout: output, stderr: errors, ending: .exit(Int(result.outcome.shellStatus ?? 126)))
        }
    }
}

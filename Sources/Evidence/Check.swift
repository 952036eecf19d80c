public import Sandbox
public import Session
public import Text

/// The command that decides whether a run has succeeded.
public struct Check: Sendable {
    /// The command.
    public let command: CommandRequest.Command
    /// The time limit.
    public let timeout: Duration
    /// The most bytes of output for the model.
    public let outputLimit: Int
    /// Which files of the tree are reports that the command writes about its tests.
    public var reports: [FilePattern] = []

    /// Makes a check of a command with its limits.
    public init(_ command: CommandRequest.Command, timeout: Duration, outputLimit: Int = 16 * 1024) {
        self.command = command
        self.timeout = timeout
        self.outputLimit = outputLimit
    }

    /// The command as typed in a shell.
    public var text: String {
        switch command {
        case .shell(let line): line
        case .arguments(let words): words.map(\.quotedForShell).joined(separator: " ")
        }
    }

    /// Runs the command once in a sandbox's working tree, and reads the reports that it has written.
    ///
    /// - Parameters:
    ///   - log: The files for the whole output.
    ///   - onOutput: Is called with each piece of output as it comes.
    public func run(
        in sandbox: Sandbox, environment: SandboxEnvironment, log: CommandRequest.Log?,
        onOutput: (@Sendable (CommandRequest.Chunk) -> Void)? = nil
    ) async -> CheckResult {
        var request = CommandRequest(command, environment: environment, timeout: timeout, log: log)
        request.onOutput = onOutput
        let search = reports.isEmpty ? nil : ReportSearch(reports)
        let result = await sandbox.run(request)
        var found = ReportSearch.Outcome()
        if let search, !Task.isCancelled, result.hasStarted {
            found = await search.run(in: sandbox, environment: environment)
        }
        return CheckResult(result, found, outputLimit: outputLimit, timeout: timeout)
    }
}

/// The result of one run of the command.
public struct CheckResult: Sendable {
    /// How it ended, and its output.
    public let command: CommandResult
    /// Both streams, truncated for the model.
    public let output: String
    /// What was read about its tests.
    public let tests: TestReading
    /// How it ended, in a few words.
    public let ending: String
    /// What a person should know of its reports, a sentence each.
    public let notices: [String]

    init(
        _ command: CommandResult, _ found: ReportSearch.Outcome = .init(), outputLimit: Int, timeout: Duration
    ) {
        self.command = command
        output = command.combinedOutput(byteLimit: outputLimit)
        tests = FailureReader.read(
            command.combinedOutput(byteLimit: 256 * 1024), hasPassed: command.outcome == .exited(0)
        ).merged(after: found.reports)
        notices = found.notices
        ending = command.outcome.explained(timeout: timeout)
    }

    /// The failures that were read.
    public var failures: [TestFailure] { tests.failures }
}

extension CommandResult {
    /// Whether the command was run at all.
    fileprivate var hasStarted: Bool { if case .notStarted = outcome { false } else { true } }

    /// Standard output and then standard error, which share a byte limit.
    public func combinedOutput(byteLimit: Int) -> String {
        let errors = OutputTruncation(byteLimit: byteLimit / 2, handle: stderr.file?.handle).render(stderr)
        let output = OutputTruncation(byteLimit: byteLimit - errors.utf8.count, handle: stdout.file?.handle).render(
            stdout)
        if output.isEmpty || errors.isEmpty { return output + errors }
        return output + (output.hasSuffix("\n") ? "" : "\n") + errors
    }
}

public import Sandbox
import Text

/// The command that decides whether a run has succeeded.
public struct Check: Sendable {
    /// What is executed.
    public let command: CommandRequest.Command
    /// How long it may take.
    public let timeout: Duration
    /// How many bytes of its output a model gets to read.
    public let outputLimit: Int

    /// Names a command and its limits.
    public init(_ command: CommandRequest.Command, timeout: Duration, outputLimit: Int = 16 * 1024) {
        self.command = command
        self.timeout = timeout
        self.outputLimit = outputLimit
    }

    /// The command as a person would type it.
    public var text: String {
        switch command {
        case .shell(let line): line
        case .arguments(let words): words.map(\.quotedForShell).joined(separator: " ")
        }
    }

    /// Runs the command once in a sandbox's working tree.
    ///
    /// - Parameters:
    ///   - log: Where the whole output goes.
    ///   - onOutput: Is called with each piece of output as it comes.
    public func run(
        in sandbox: Sandbox, environment: SandboxEnvironment, log: CommandRequest.Log?,
        onOutput: (@Sendable (CommandRequest.Chunk) -> Void)? = nil
    ) async -> CheckResult {
        var request = CommandRequest(command, environment: environment, timeout: timeout, log: log)
        request.onOutput = onOutput
        return CheckResult(await sandbox.run(request), outputLimit: outputLimit, timeout: timeout)
    }
}

/// What one run of the command has shown.
public struct CheckResult: Sendable {
    /// How it ended, and its output.
    public let command: CommandResult
    /// Both streams, cut to what a model should read.
    public let output: String
    /// The failures that its output names.
    public let failures: [TestFailure]
    /// How it ended, in a few words.
    public let ending: String

    init(_ command: CommandResult, outputLimit: Int, timeout: Duration) {
        self.command = command
        output = command.combinedOutput(byteLimit: outputLimit)
        failures = FailureReader.failures(in: command.combinedOutput(byteLimit: 256 * 1024))
        ending = command.outcome.explained(timeout: timeout)
    }

    /// Whether the command passed: it ran to its end and exited with zero.
    public var isPassing: Bool { command.succeeded }
}

extension CommandResult {
    /// Standard output, then standard error, each with its share of a byte limit.
    public func combinedOutput(byteLimit: Int) -> String {
        let errors = OutputTruncation(byteLimit: byteLimit / 2, handle: stderr.file?.handle).render(stderr)
        let output = OutputTruncation(byteLimit: byteLimit - errors.utf8.count, handle: stdout.file?.handle).render(
            stdout)
        if output.isEmpty || errors.isEmpty { return output + errors }
        return output + (output.hasSuffix("\n") ? "" : "\n") + errors
    }
}

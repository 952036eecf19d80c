public import Evidence
import Responses
import Sandbox

/// Runs the model's shell lines, one at a time, and tells what they printed.
struct ShellRunner: Sendable {
    let sandbox: Sandbox
    let environment: SandboxEnvironment
    let folder: SessionFolder
    let journal: Journal
    /// The most time one line gets, whatever the model asks for.
    let longestTimeout: Duration

    private static let usualTimeout: Duration = .seconds(120)
    private static let outputLimit = 16 * 1024

    /// Runs one line of a call.
    ///
    /// - Throws: `CancellationError` when the run is interrupted meanwhile.
    func run(_ command: String, request: ShellCall) async throws -> ShellOutcome {
        let id = journal.nextItemID()
        journal.record(.itemStarted(RunItem(id: id, content: .commandExecution(command: command, nil))))
        let timeout = min(request.timeout ?? Self.usualTimeout, longestTimeout)
        let result = await sandbox.run(
            CommandRequest(
                .shell(command), environment: environment, timeout: max(timeout, .milliseconds(1)),
                log: .init(directory: folder.output, name: id)))
        let limit = min(max(request.outputLimit ?? Self.outputLimit, 256), 4 * Self.outputLimit)
        let said = OutputCut(byteLimit: limit / 2, path: result.stderr.file?.path).render(result.stderr)
        let denied = result.deniedHosts.joined(separator: ", ")
        let errors = said + (denied.isEmpty ? "" : "[the sandbox does not allow the network to \(denied)]\n")
        let output = OutputCut(byteLimit: limit - errors.utf8.count, path: result.stdout.file?.path)
            .render(result.stdout)
        let report = CommandReport(
            exitCode: result.outcome.shellStatus, ending: result.outcome.explained(timeout: timeout),
            duration: result.duration, output: output + errors,
            outputByteCount: result.stdout.totalBytes + result.stderr.totalBytes)
        journal.record(.itemCompleted(RunItem(id: id, content: .commandExecution(command: command, report))))
        if let failure = result.stdout.file?.failure ?? result.stderr.file?.failure {
            journal.record(.notice("the output of \(command) is not kept whole: \(failure)"))
        }
        switch result.outcome {
        case .cancelled: throw CancellationError()
        case .timedOut: return ShellOutcome(stdout: output, stderr: errors, ending: .timeout)
        case .notStarted(let message): return ShellOutcome(stderr: message, ending: .exit(126))
        case .exited, .signalled:
            return ShellOutcome(
                stdout: output, stderr: errors, ending: .exit(Int(result.outcome.shellStatus ?? 126)))
        }
    }
}

extension CommandReport {
    /// The report of the command that decides.
    public init(_ result: CheckResult) {
        self.init(
            exitCode: result.command.outcome.shellStatus, ending: result.ending, duration: result.command.duration,
            output: result.output,
            outputByteCount: result.command.stdout.totalBytes + result.command.stderr.totalBytes)
    }
}

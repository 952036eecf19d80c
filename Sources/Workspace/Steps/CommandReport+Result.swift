public import Sandbox
public import Session

extension CommandReport {
    /// Makes the report of a command that has ended.
    ///
    /// - Parameter output: The output as the model saw it.
    public init(_ result: CommandResult, ending: String, output: String) {
        self.init(
            exitCode: result.outcome.shellStatus, ending: ending, duration: result.duration, output: output,
            outputByteCount: result.stdout.totalBytes + result.stderr.totalBytes)
        signal = result.outcome.signalName
        ranOutOfMemory = result.ranOutOfMemory
        if case .notStarted = result.outcome { return }
        processorTime = result.usage.user + result.usage.system
        peakByteCount = result.usage.peakResidentBytes
    }
}

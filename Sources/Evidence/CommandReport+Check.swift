public import Session
import Workspace

extension CommandReport {
    /// The report of the command that decides.
    public init(_ result: CheckResult) {
        self.init(result.command, ending: result.ending, output: result.output)
    }
}

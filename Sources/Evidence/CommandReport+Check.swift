public import Session
import Workspace

extension CommandReport {
    /// Makes the report of a check.
    public init(_ result: CheckResult) {
        self.init(result.command, ending: result.ending, output: result.output)
        if !result.tests.report.isEmpty { tests = result.tests.report }
    }
}

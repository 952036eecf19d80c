import Evidence
import Sandbox
import Session

extension CheckResult {
    /// The result as the model reads it: how the command ended, what failed, what it printed.
    var forModel: String {
        let closed = command.closedPaths.map { "[\($0.remark)]\n" }.joined()
        return Self.text(ending: ending, tests: tests.report, output: output + closed)
    }

    static func text(ending: String, tests: TestReport, output: String) -> String {
        let tally = tests.tally.map { "Tests: \($0.spelled)\n" } ?? ""
        let list = FailureList(tests, besides: output).text
        return "It ended with: \(ending)\n\(tally)\n\(list)Output:\n\(output)"
    }
}

import Evidence
import Repository
import Sandbox
import Session

/// Decides whether a commit is good: runs the command on a clean checkout of it.
typealias Judge = @Sendable (CommitID) async throws -> Judgement

/// What the judge has found.
struct Judgement: Sendable {
    /// How the command ended.
    var report: CommandReport
    /// What the model reads of it: how the command ended, what failed, what it printed.
    var text: String

    /// Whether the command passed.
    var isPassing: Bool { report.isSuccess }
}

extension Judgement {
    init(_ result: CheckResult) {
        self.init(report: CommandReport(result), text: result.forModel)
    }
}

extension Judgement {
    /// What is recorded of a run of the command.
    init(recorded report: CommandReport) {
        self.init(
            report: report,
            text: CheckResult.text(
                ending: report.ending, failures: report.tests?.failures ?? [], output: report.output))
    }
}

extension CheckResult {
    /// The result as the model reads it: how the command ended, what failed, what it printed.
    var forModel: String {
        let closed = command.closedPaths.map { "[\($0.remark)]\n" }.joined()
        return Self.text(ending: ending, failures: failures, output: output + closed)
    }

    static func text(ending: String, failures: [TestFailure], output: String) -> String {
        let list = failures.prefix(20).map { "- \($0.name)\($0.message.isEmpty ? "" : ": \($0.message)")" }
        let failing = list.isEmpty ? "" : "Failures:\n\(list.joined(separator: "\n"))\n\n"
        return "It ended with: \(ending)\n\n\(failing)Output:\n\(output)"
    }
}

import Evidence
import Sandbox
import Session

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

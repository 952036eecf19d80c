import Evidence
import Repository
import Sandbox
import Session

/// Decides whether a commit is good: runs the command on a clean checkout of it.
typealias Judge = @Sendable (CommitID) async throws -> Judgement

/// What the judge has found.
struct Judgement: Sendable {
    /// How the command ended, and what there is to doubt.
    var verification: Verification
    /// What the model reads of it: how the command ended, what failed, what it printed.
    var text: String
    /// How long all runs of the command took together; nil where one did not come to its end.
    var duration: Duration?

    /// How the command ended.
    var report: CommandReport { verification.report }
    /// Whether the command passed.
    var isPassing: Bool { report.isSuccess }
    /// Whether the command passed and nothing keeps that from being a proof.
    var isProof: Bool { verification.isProof }
    /// Whether it passes and fails on the same files.
    var isMixed: Bool { verification.repetitions?.isMixed == true }
    /// What keeps a command that passes from being a proof.
    var doubts: [Doubt] { verification.doubts.filter(\.isDecisive) }
}

extension Judgement {
    /// The judgement of one run.
    init(_ result: CheckResult, of commit: CommitID) {
        self.init(
            verification: Verification(commit: commit.hex, report: CommandReport(result)), text: result.forModel,
            duration: CommandReport(result).ownDuration)
    }

    /// What the model is told of a commit on which the command passes all the same.
    var textOfDoubts: String {
        let list = doubts.map { doubt in
            let excerpt = doubt.excerpt.isEmpty ? "" : ": `\(doubt.excerpt)`"
            return "- \(doubt.placedMessage)\(excerpt)\n"
        }
        return list.joined() + (text.isEmpty ? "" : "\n\(text)")
    }
}

/// How the command ended before anything was done, as the model reads it.
struct Baseline: Sendable {
    /// How the command ended.
    var report: CommandReport
    /// What the model reads of it.
    var text: String
    /// What was read about its tests, all of them.
    var tests: TestReading

    /// Whether the command passed.
    var isPassing: Bool { report.isSuccess }
}

extension CommandReport {
    /// How long the command took; nil where it did not end by itself.
    var ownDuration: Duration? { exitCode == nil ? nil : duration }
}

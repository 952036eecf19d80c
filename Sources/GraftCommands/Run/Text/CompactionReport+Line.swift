import Session
import Text

extension CompactionReport {
    /// The compaction as a line for a person: `compacted: 212k → 14k tokens, root cause found`.
    var line: String {
        "compacted: \(tokensBefore.spelledAsCount) → \(tokensAfter.spelledAsCount) tokens, \(why)"
    }

    private var why: String {
        switch (reason, milestone) {
        case (.milestone, .reproduced?): "the failure is reproduced"
        case (.milestone, .rootCause?): "the root cause is found"
        case (.milestone, .fixApplied?): "a fix is applied"
        case (.milestone, .verified?): "the fix is verified"
        case (.milestone, .progress?), (.milestone, nil): "a milestone is reached"
        case (.threshold, _): "the model's window was nearly full"
        case (.overflow, _): "the model's window was full"
        case (.server, _): "by the server"
        }
    }
}

extension Milestone {
    /// The milestone as a line for a person, behind a mark: `◆ root cause: The limit is off by one · src/a.c:12`.
    func line(marked mark: String) -> String {
        let words = [summary.markedLine, evidence.words?.markedLine].compactMap(\.self)
        return "\(mark) \(kind.words): \(words.joined(separator: " · "))"
    }
}

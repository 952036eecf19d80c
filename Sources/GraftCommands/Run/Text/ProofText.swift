import Session
import Terminal
import Text

/// What a verification says beyond how the command ended, in lines for a person.
struct ProofText {
    let style: TerminalStyle

    private static let doubtCount = 8

    /// The lines, each with its mark; none where there is nothing to say.
    func lines(_ verification: Verification) -> [String] {
        var lines: [String] = []
        if let repetitions = verification.repetitions {
            let mark = repetitions.isMixed ? style(.bad, "✗") : repetitions.passed > 0 ? style(.good, "✓") : ""
            if !mark.isEmpty {
                lines.append("\(mark) passed \(repetitions.passed) of \(repetitions.total) times on the same commit")
            }
        }
        if let restoration = verification.restoration {
            let files = restoration.paths.count == 1 ? "1 protected file" : "\(restoration.paths.count) protected files"
            lines.append(
                restoration.report.isSuccess
                    ? "\(style(.good, "✓")) passes with \(files) as before, too"
                    : "\(style(.warning, "!")) fails with \(files) as before: \(restoration.report.ending.markedLine)")
        }
        if !verification.earlier.isEmpty {
            let passed = verification.earlier.count(where: \.passed)
            let mark = passed == verification.earlier.count ? style(.good, "✓") : style(.warning, "!")
            lines.append("\(mark) passes on \(passed) of the \(verification.earlier.count) commits before")
        }
        let doubts = verification.doubts.filter(\.isDecisive) + verification.doubts.filter { !$0.isDecisive }
        for doubt in doubts.prefix(Self.doubtCount) {
            lines.append("\(doubt.isDecisive ? style(.warning, "!") : "·") \(doubt.placedMessage.markedLine)")
            if !doubt.excerpt.isEmpty { lines.append(style(.faint, "  \(doubt.excerpt.markedLine)")) }
        }
        if doubts.count > Self.doubtCount { lines.append("and \(doubts.count - Self.doubtCount) more") }
        return lines
    }
}

import Responses
public import Session
import Text

/// A result as Markdown for people: what it came to, what proves it, what a person has to judge, what is left.
///
/// All that comes from models, commands, files and commits is escaped, see `String+Markdown.swift`. What is most
/// important stands first, so that a report which is too long loses its end.
public struct MarkdownReport: Sendable {
    let result: RunResult
    let start: RunStart?
    /// How the commits can be had, each a shell line; nil to tell nothing of it, as where the report is the text of a
    /// pull request.
    private let ways: [String]?

    /// Takes a result.
    ///
    /// - Parameters:
    ///   - start: What the run worked on; nil if it did not come to that.
    ///   - ways: How the commits can be had, each a shell line; nil to tell nothing of it.
    public init(result: RunResult, start: RunStart?, ways: [String]? = nil) {
        self.result = result
        self.start = start
        self.ways = ways
    }

    /// The report in at most so many bytes of UTF-8: what is too much is left out from the end, whole blocks at a time,
    /// and a note says so.
    public func text(byteLimit: Int) -> String {
        let blocks = blocks
        let whole = blocks.joined(separator: "\n\n") + "\n"
        if whole.utf8.count <= byteLimit { return whole }
        let note = "*The report is longer than this place takes; the rest of it is left out.*\n"
        guard note.utf8.count <= byteLimit else { return "" }
        var text = ""
        for block in blocks {
            guard text.utf8.count + block.utf8.count + 2 + note.utf8.count <= byteLimit else { break }
            text += block + "\n\n"
        }
        return text + note
    }

    private var blocks: [String] {
        [title, headline] + doubts + [proof] + hidden + commits + remaining + before + words + taking
            + [figures]
            .filter { !$0.isEmpty }
    }

    // MARK: The parts

    private var title: String { "## \(result.verdict.sign) \(result.verdict.title)" }

    private var headline: String {
        let sentence = (result.message.isEmpty ? result.verdict.explanation : result.message).asSentence.inMarkdown
        var lines = [sentence]
        if let task = start?.task {
            lines.append("**Task:** " + task.clipped(to: 600).inMarkdown)
        }
        if let command = start?.command { lines.append("**Command:** " + command.clipped(to: 600).codeInMarkdown()) }
        guard let alert = result.verdict.alert else { return lines.joined(separator: "\n\n") }
        return (["> [!\(alert)]\n> \(lines[0])"] + lines.dropFirst()).joined(separator: "\n\n")
    }

    private var words: [String] {
        guard let summary = result.summary, summary.contains(where: { !$0.isWhitespace }) else { return [] }
        let lines = summary.clipped(to: 6000).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let quote = lines.map { $0.isEmpty ? ">" : "> \($0.inMarkdown)  " }.joined(separator: "\n")
        return ["### What the model says of it", quote]
    }

    private var taking: [String] {
        guard let ways, !ways.isEmpty, !result.commits.isEmpty else { return [] }
        return ["### How to take it", ways.map { "- " + $0.codeInMarkdown(isOwn: true) }.joined(separator: "\n")]
    }

    private var figures: String {
        var parts: [String] = []
        if result.turns > 0 { parts.append(result.turns == 1 ? "1 turn" : "\(result.turns) turns") }
        parts.append(result.duration.spelled)
        if result.turns > 0 {
            let cached = result.usage.cachedShare.map { " (\(Int(($0 * 100).rounded())) % cached)" } ?? ""
            parts.append("\(result.usage.input) tokens in\(cached), \(result.usage.output) out")
        }
        if let cost = result.cost { parts.append("\(cost.spelled) at the prices of \(cost.date)".inMarkdown) }
        if let model = start?.model, !model.isEmpty { parts.append("model " + model.inMarkdown) }
        if let session = result.sessionFolder?.split(separator: "/").last {
            parts.append("session " + session.codeInMarkdown(isOwn: true))
        }
        return "---\n\n" + parts.joined(separator: " · ")
    }
}

extension Verdict {
    /// The verdict as a heading.
    fileprivate var title: String {
        switch self {
        case .fixed: "Fixed"
        case .answered: "Answered"
        case .alreadyPassing: "Already passing"
        case .notFixed: "Not fixed"
        case .unverified: "Done, not verified"
        case .budget: "Stopped at a limit"
        case .needsReview: "Needs review"
        case .flaky: "Flaky"
        case .infrastructure: "Broken surroundings"
        case .skipped: "Skipped"
        case .provider: "The provider failed"
        case .credentials: "No valid key"
        case .sandbox: "No sandbox"
        case .usage: "Cannot begin"
        case .internal: "Graft failed"
        case .temporary: "The provider could not be reached"
        case .interrupted: "Interrupted"
        case .terminated: "Terminated"
        }
    }

    /// The sign in front of it.
    fileprivate var sign: String {
        switch self {
        case .fixed, .answered, .alreadyPassing: "✅"
        case .needsReview, .unverified, .flaky: "⚠️"
        case .skipped: "⏭️"
        default: "❌"
        }
    }

    /// The kind of a box that draws attention; nil where none is needed.
    fileprivate var alert: String? {
        switch self {
        case .fixed, .answered, .alreadyPassing: nil
        case .skipped: "NOTE"
        case .needsReview, .unverified, .flaky, .interrupted, .terminated, .budget: "WARNING"
        default: "CAUTION"
        }
    }
}

extension String {
    /// The text with a capital at its beginning, unless that is a name with one inside or code.
    fileprivate var asSentence: String {
        guard let first, first.isLowercase, prefix(while: { $0 != " " }).allSatisfy({ $0.isLowercase }) else {
            return self
        }
        return first.uppercased() + dropFirst()
    }

    /// The beginning of the text, with a mark where it was cut.
    func clipped(to limit: Int) -> String {
        guard let end = index(startIndex, offsetBy: limit, limitedBy: endIndex), end < endIndex else { return self }
        return self[..<end] + "…"
    }
}

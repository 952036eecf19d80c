import Repository
import Session
import Text

/// The text of a request: marks by which Graft knows it again, and below them the report.
///
/// What a person has written above the marks stays when the request is brought up to date.
enum RequestText {
    private static let sessionMark = "<!-- graft-session: "
    private static let headMark = "<!-- graft-head: "
    private static let end = " -->"

    /// The session that a text says it is of; nil for one that Graft has not made.
    static func session(of text: String) -> String? { value(sessionMark, in: text) }

    /// The commit that Graft has pushed for it.
    static func head(of text: String) -> CommitID? { value(headMark, in: text).flatMap { CommitID($0) } }

    /// The whole text.
    ///
    /// - Parameter old: The text that is there now.
    static func text(session: String, head: CommitID, report: String, over old: String? = nil) -> String {
        let own = "\(sessionMark)\(session)\(end)\n\(headMark)\(head.hex)\(end)\n\n\(report)"
        guard let old, let above = above(old.asKept) else { return own }
        return above + own
    }

    /// What stands above the marks, with the line's end; all of it where there are none, nil for nothing.
    private static func above(_ text: String) -> String? {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let end = lines.firstIndex { $0.hasPrefix(sessionMark) }
        let above = lines[..<(end ?? lines.count)].joined(separator: "\n")
        guard above.contains(where: { !$0.isWhitespace }) else { return nil }
        return above + (end == nil ? "\n\n" : "\n")
    }

    private static func value(_ mark: String, in text: String) -> String? {
        for line in text.asKept.split(separator: "\n") where line.hasPrefix(mark) && line.hasSuffix(end) {
            return String(line.dropFirst(mark.count).dropLast(end.count))
        }
        return nil
    }

    /// One line that says what the commits do.
    static func title(subjects: [String], command: String?, task: String?) -> String {
        let lines = ([command.map { "Make \($0) pass" }, task] + [subjects.first]).map { $0.map(oneLine) ?? "" }
        let single = subjects.count == 1 ? oneLine(subjects[0]) : ""
        // A line of the shell that is long says less than what was done.
        let usable = ([single] + lines).first { !$0.isEmpty && $0.count <= 100 }
        return (usable ?? lines.first { !$0.isEmpty } ?? "Mend what failed").clipped(to: 120)
    }

    private static func oneLine(_ text: String) -> String {
        let first =
            text.withoutStyling.stripped.split(whereSeparator: \.isNewline).first { $0.contains { !$0.isWhitespace } }
            ?? ""
        return first.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

public import Repository
import Text

extension StepMessage {
    private static let longestReason = 4000

    /// The message of a commit of the series; nil if there is no subject.
    ///
    /// A line of the model that looks like a trailer of consent is left out: only Graft writes trailers.
    public func message(subject: String, why: String) -> CommitMessage? {
        var lines = Self.lines(subject)
        guard let first = lines.firstIndex(where: { !$0.isEmpty }) else { return nil }
        var title = lines[first]
        while let last = title.last, ".:!".contains(last) || last.isWhitespace { title.removeLast() }
        guard !title.isEmpty else { return nil }
        lines.removeSubrange(...first)
        let body = (lines + [""] + Self.lines(String(why.prefix(Self.longestReason)))).joined(separator: "\n")
        return CommitMessage(subject: title, body: body, trailers: trailers(step: nil))
    }

    /// The lines without control characters, trailers and trailing blanks.
    private static func lines(_ text: String) -> [String] {
        text.stripped.split(separator: "\n", omittingEmptySubsequences: false).filter { !isTrailer($0) }
            .map { line in String(line.reversed().drop(while: \.isWhitespace).reversed()) }
    }

    private static func isTrailer(_ line: Substring) -> Bool {
        let line = line.drop(while: \.isWhitespace)
        guard let colon = line.firstIndex(of: ":"), colon != line.startIndex else { return false }
        let key = line[..<colon].lowercased().filter { !$0.isWhitespace }
        guard key.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }) else { return false }
        return key.hasSuffix("-by") || key.hasPrefix("graft-") || ["cc", "change-id"].contains(key)
    }
}

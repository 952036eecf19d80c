/// The parts of a commit's message, for display and for changing one part; nothing is wrapped again.
public struct MessageParts: Sendable, Hashable {
    /// The first paragraph, on one line.
    public var subject: String
    /// The paragraphs between subject and trailers; may be empty.
    public var body: String
    /// The `Key: value` lines at the end.
    public var trailers: [CommitMessage.Trailer]

    /// Splits a message; removes blank lines at both ends and white space at line ends, as git-stripspace(1) does. The
    /// last paragraph counts as trailers if every line of it is one and it is not the first.
    public init(_ text: String) {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { line in
            line.last?.isWhitespace == true ? String(line.trimmingEnd()) : String(line)
        }
        var paragraphs = lines.split(whereSeparator: \.isEmpty).map(Array.init)
        let head = paragraphs.isEmpty ? [] : paragraphs.removeFirst()
        subject = head.map { $0.trimmingStart() }.joined(separator: " ")
        let found = (paragraphs.last ?? []).map(Self.trailer)
        trailers = found.contains { $0 == nil } ? [] : found.compactMap { $0 }
        if !trailers.isEmpty { paragraphs.removeLast() }
        body = paragraphs.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
    }

    /// The whole message, with a newline at the end.
    public var text: String {
        let lines = trailers.map { "\($0.key): \($0.value)" }.joined(separator: "\n")
        return [subject, body, lines].filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
    }

    /// Adds the trailers that are missing.
    public mutating func add(_ more: [CommitMessage.Trailer]) {
        for trailer in more where !trailers.contains(trailer) { trailers.append(trailer) }
    }

    private static func trailer(_ line: String) -> CommitMessage.Trailer? {
        guard let colon = line.firstIndex(of: ":"), colon > line.startIndex else { return nil }
        let key = line[..<colon]
        let value = line[line.index(after: colon)...]
        guard key.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }), value.first == " " else {
            return nil
        }
        return CommitMessage.Trailer(String(key), String(value.drop { $0 == " " }))
    }
}

extension StringProtocol {
    fileprivate func trimmingEnd() -> SubSequence {
        guard let end = lastIndex(where: { !$0.isWhitespace }) else { return self[startIndex..<startIndex] }
        return self[...end]
    }

    fileprivate func trimmingStart() -> SubSequence { self[(firstIndex { !$0.isWhitespace } ?? endIndex)...] }
}

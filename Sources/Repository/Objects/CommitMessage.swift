import Text

/// The message of a commit by git's conventions: subject, empty line, body, empty line, trailers.
public struct CommitMessage: Sendable, Hashable {
    /// A `Key: value` line at the end of a message.
    public struct Trailer: Sendable, Hashable {
        /// The name, such as `Graft-Session`.
        public var key: String
        /// The value, on one line.
        public var value: String

        /// Makes a trailer.
        public init(_ key: String, _ value: String) {
            self.key = key
            self.value = value
        }
    }

    /// The maximum length of a line, in characters.
    public static let width = 72

    /// One line of at most 72 characters.
    public let subject: String
    /// The paragraphs, wrapped at 72; may be empty.
    public let body: String
    /// The lines at the end, in order.
    public let trailers: [Trailer]

    /// Formats any text as a message: the subject becomes one line, truncated at a word, and the rest starts the body;
    /// an empty subject becomes "Change files". Control characters are removed.
    public init(subject: String, body: String = "", trailers: [Trailer] = []) {
        let words = Self.words(subject.stripped)
        let line = words.joined(separator: " ")
        var paragraphs = [String]()
        if line.isEmpty {
            self.subject = "Change files"
        } else if line.count <= Self.width {
            self.subject = line
        } else {
            self.subject = Self.cut(line)
            paragraphs.append(Self.wrapped(line))
        }
        let rest = body.stripped.split(separator: "\n", omittingEmptySubsequences: false).map(Self.wrapped)
        let text = rest.joined(separator: "\n").trimmed(of: \.isNewline)
        if !text.isEmpty { paragraphs.append(text) }
        self.body = paragraphs.joined(separator: "\n\n")
        self.trailers = trailers.map { Trailer($0.key, Self.words($0.value.stripped).joined(separator: " ")) }
    }

    /// Takes a message verbatim, without wrapping or truncation.
    public init(asWritten subject: String, body: String = "") {
        (self.subject, self.body, trailers) = (subject, body, [])
    }

    /// The whole text, with a newline at the end.
    public var text: String {
        let lines = trailers.map { "\($0.key): \($0.value)" }.joined(separator: "\n")
        return [subject, body, lines].filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
    }

    private static func words(_ text: String) -> [Substring] { text.split(whereSeparator: \.isWhitespace) }

    /// The longest prefix of a line that ends at a word and leaves room for "...".
    private static func cut(_ line: String) -> String {
        let room = line.prefix(width - 3)
        guard let space = room.lastIndex(of: " ") else { return room + "..." }
        return room[..<space] + "..."
    }

    /// Wraps a line, but not an indented one, which is code or output.
    private static func wrapped(_ line: some StringProtocol) -> String {
        let line = String(line)
        guard line.count > width, line.first != " ", line.first != "\t" else {
            return line.trimmed(of: \.isWhitespace, atStart: false)
        }
        var lines = [""]
        for word in words(line) {
            let last = lines[lines.count - 1]
            if last.isEmpty {
                lines[lines.count - 1] = String(word)
            } else if last.count + 1 + word.count <= width {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines.joined(separator: "\n")
    }
}

extension String {
    fileprivate func trimmed(of drop: (Character) -> Bool, atStart: Bool = true) -> String {
        let start = atStart ? self.drop(while: drop) : self[...]
        guard let end = start.lastIndex(where: { !drop($0) }) else { return "" }
        return String(start[...end])
    }
}

/// The lines of a skill's head, which is the YAML between two lines of `---` at the beginning of its file.
struct HeadLines {
    /// A line that says something.
    struct Line: Equatable {
        /// Its number in the file, from 1.
        let number: Int
        /// How many spaces stand before it.
        let indent: Int
        /// What stands behind them.
        let text: Substring
    }

    /// What is wrong with a head, and where.
    struct Trouble: Error, Equatable {
        /// The number of the line, from 1.
        let line: Int
        /// What is wrong with it.
        let words: String
    }

    /// The lines as they stand, from the second one of the file on.
    private let raw: [Substring]
    private var index = 0

    /// The number of the first line.
    private static let first = 2

    /// Finds the head of a text.
    init(_ text: String) throws(Trouble) {
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
        guard let start = lines.first, Self.isMark(start) else {
            throw Trouble(line: 1, words: "it has no head: the first line must be ---")
        }
        guard let end = lines.dropFirst().firstIndex(where: Self.isMark) else {
            throw Trouble(line: 1, words: "its head does not end: a line of --- is missing")
        }
        raw = Array(lines[1..<end])
        for (place, line) in raw.enumerated() {
            let bad = line.unicodeScalars.contains { $0.value < 0x20 && $0 != "\t" || $0.value == 0x7F }
            if bad { throw Trouble(line: place + Self.first, words: "has a control character") }
            if line.prefix(while: { $0 == " " || $0 == "\t" }).contains("\t"),
                line.contains(where: { !$0.isWhitespace })
            {
                throw Trouble(line: place + Self.first, words: "is indented with a tab; YAML takes spaces only")
            }
        }
    }

    private static func isMark(_ line: Substring) -> Bool {
        line.hasPrefix("---") && line.dropFirst(3).allSatisfy(\.isWhitespace)
    }

    /// The number of the line that comes next.
    var number: Int { index + Self.first }

    /// The next line with a value, without those that are blank or a comment; nil at the end.
    var current: Line? {
        mutating get {
            while index < raw.count {
                let line = Self.line(raw[index], number)
                if !line.text.isEmpty, line.text.first != "#" { return line }
                index += 1
            }
            return nil
        }
    }

    /// The line that comes next as it stands, blank or not; nil at the end.
    var next: Line? { index < raw.count ? Self.line(raw[index], number) : nil }

    /// Goes on behind the line.
    mutating func advance() { index += 1 }

    private static func line(_ raw: Substring, _ number: Int) -> Line {
        let text = raw.drop { $0 == " " }
        return Line(number: number, indent: raw.count - text.count, text: text.allSatisfy(\.isWhitespace) ? "" : text)
    }
}

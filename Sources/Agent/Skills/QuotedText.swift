/// A text in quotes that may go over several lines (YAML 1.2, 7.3).
struct QuotedText {
    /// What it says so far.
    private(set) var text = ""
    /// Whether the closing quote has come.
    private(set) var isOver = false
    /// Whether there is an escape that YAML does not have.
    private(set) var isWrong = false
    /// What stands behind the closing quote.
    private(set) var rest = Substring()

    private let quote: Character
    private var gap = 0
    /// Whether the line ends with a backslash: nothing stands between it and the next.
    private var isJoined = false

    private static let escapes: [Character: Character] = [
        "0": "\0", "a": "\u{7}", "b": "\u{8}", "t": "\t", "n": "\n", "v": "\u{B}", "f": "\u{C}", "r": "\r",
        "e": "\u{1B}", " ": " ", "\"": "\"", "/": "/", "\\": "\\", "N": "\u{85}", "_": "\u{A0}", "L": "\u{2028}",
        "P": "\u{2029}",
    ]

    /// Begins with a line that begins with a quote.
    init(_ line: Substring) {
        quote = line.first ?? "\""
        scan(line.dropFirst())
    }

    /// Goes on with the next line, without the space before it.
    mutating func addLine(_ line: Substring) {
        if line.isEmpty {
            gap += 1
            return
        }
        if !isJoined {
            while let last = text.last, last == " " || last == "\t" { text.removeLast() }
            text += gap == 0 ? " " : String(repeating: "\n", count: gap)
        }
        gap = 0
        scan(line)
    }

    private mutating func scan(_ line: Substring) {
        isJoined = false
        var rest = line
        while let next = rest.popFirst() {
            if next == quote {
                if quote == "'", rest.first == "'" {
                    rest.removeFirst()
                    text.append("'")
                    continue
                }
                (isOver, self.rest) = (true, rest)
                return
            }
            guard next == "\\", quote == "\"" else {
                text.append(next)
                continue
            }
            guard let escape = rest.popFirst() else {
                isJoined = true
                return
            }
            if let plain = Self.escapes[escape] {
                text.append(plain)
            } else if let count = ["x": 2, "u": 4, "U": 8][escape], rest.count >= count,
                let value = UInt32(rest.prefix(count), radix: 16), let scalar = Unicode.Scalar(value)
            {
                text.unicodeScalars.append(scalar)
                rest = rest.dropFirst(count)
            } else {
                isWrong = true
            }
        }
    }
}

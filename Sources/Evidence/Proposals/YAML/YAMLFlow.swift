/// A value of YAML in brackets or quotes, which may go over several lines.
struct YAMLFlow {
    private var text: String
    /// How many lines it has.
    private(set) var lineCount = 1
    private var depth = 0
    private var quote: Character?
    private var isEscaped = false
    private var isStarted = false
    private var hasEnded = false
    /// Whether a quote has just been closed, as far as can be told.
    private var isClosing = false

    init(_ first: Substring) {
        text = ""
        scan(first)
    }

    /// Whether all that was opened is closed.
    var isWhole: Bool { hasEnded }

    /// Adds a further line.
    mutating func add(_ line: Substring) {
        lineCount += 1
        text += " "
        scan(line)
    }

    private mutating func scan(_ line: Substring) {
        var last: Character = " "
        for character in line {
            if isClosing {
                isClosing = false
                // Two apostrophes are one.
                if character == "'", last == "'" { quote = "'" } else { hasEnded = depth == 0 }
                if quote != nil {
                    text.append(character)
                    last = " "
                    continue
                }
            }
            if hasEnded { return }
            if let open = quote {
                if isEscaped {
                    isEscaped = false
                } else if character == "\\", open == "\"" {
                    isEscaped = true
                } else if character == open {
                    (quote, isClosing) = (nil, true)
                }
            } else {
                if character == "#", last == " " { return }
                // An apostrophe within a word opens nothing.
                if character == "\"" || character == "'", !isStarted || " [{,:".contains(last) { quote = character }
                if character == "[" || character == "{" { depth += 1 }
                if character == "]" || character == "}" {
                    depth -= 1
                    hasEnded = depth <= 0
                }
            }
            isStarted = true
            last = character
            text.append(character)
        }
        if isClosing { (isClosing, hasEnded) = (false, depth == 0) }
    }

    /// What was read.
    var value: YAML {
        guard hasEnded else { return .unusable("a value of YAML that is not closed") }
        var reader = Parts(rest: text[...])
        return reader.value(depth: 0)
    }

    // MARK: Quotes

    /// Where a quoted scalar ends, behind its quote.
    static func endOfQuoted(_ text: Substring) -> Substring.Index? {
        guard let open = text.first else { return nil }
        var index = text.index(after: text.startIndex)
        while index < text.endIndex {
            let character = text[index]
            let next = text.index(after: index)
            if character == "\\", open == "\"", next < text.endIndex {
                index = text.index(after: next)
                continue
            }
            if character == open {
                if open == "'", next < text.endIndex, text[next] == "'" {
                    index = text.index(after: next)
                    continue
                }
                return next
            }
            index = next
        }
        return nil
    }

    /// The text of a quoted scalar.
    static func unquoted(_ text: Substring) -> String {
        guard let open = text.first else { return "" }
        var inner = text.dropFirst()
        if inner.last == open { inner.removeLast() }
        if open == "'" {
            var plain = ""
            var wasQuote = false
            for character in inner {
                if character == "'", wasQuote {
                    wasQuote = false
                    continue
                }
                wasQuote = character == "'"
                plain.append(character)
            }
            return plain
        }
        var plain = ""
        var rest = inner
        while let character = rest.popFirst() {
            guard character == "\\", let next = rest.popFirst() else {
                plain.append(character)
                continue
            }
            switch next {
            case "n": plain.append("\n")
            case "t": plain.append("\t")
            case "e": plain.append("\u{1B}")
            case "r": plain.append("\r")
            case "0": plain.append("\0")
            case "x", "u", "U":
                let count = next == "x" ? 2 : next == "u" ? 4 : 8
                let digits = rest.prefix(count)
                rest = rest.dropFirst(count)
                if let scalar = UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init) {
                    plain.unicodeScalars.append(scalar)
                }
            default: plain.append(next)
            }
        }
        return plain
    }

    // MARK: Lists and maps

    private struct Parts {
        var rest: Substring

        mutating func value(depth: Int) -> YAML {
            skipSpace()
            guard depth < YAMLReader.deepest, let first = rest.first else { return .none }
            switch first {
            case "[":
                rest.removeFirst()
                var values: [YAML] = []
                while true {
                    skipSpace()
                    guard let next = rest.first, next != "]" else { break }
                    if next == "," {
                        rest.removeFirst()
                    } else {
                        let before = rest.utf8.count
                        values.append(value(depth: depth + 1))
                        if rest.utf8.count == before { rest = rest.dropFirst() }
                    }
                }
                rest = rest.dropFirst()
                return .list(values)
            case "{":
                rest.removeFirst()
                var entries: [YAML.Entry] = []
                while true {
                    skipSpace()
                    guard let next = rest.first, next != "}" else { break }
                    if next == "," {
                        rest.removeFirst()
                        continue
                    }
                    let key = scalar(endingAt: ":,}")
                    skipSpace()
                    guard rest.first == ":" else {
                        // A key alone, or what cannot be told.
                        if !key.isEmpty {
                            entries.append(.init(key: key, value: .none))
                        } else {
                            rest = rest.dropFirst()
                        }
                        continue
                    }
                    rest.removeFirst()
                    skipSpace()
                    let isBare = rest.first.map { $0 == "," || $0 == "}" } ?? true
                    entries.append(.init(key: key, value: isBare ? .none : value(depth: depth + 1)))
                }
                rest = rest.dropFirst()
                return .map(entries)
            case "*": return .unusable("an alias of YAML (\(scalar(endingAt: ",]}")))")
            case "!": return .unusable("a tag of YAML (\(scalar(endingAt: ",]}")))")
            case "&":
                rest = rest.drop { $0 != " " }
                return value(depth: depth + 1)
            default: return .text(scalar(endingAt: ",]}"))
            }
        }

        private mutating func skipSpace() { rest = rest.drop { $0 == " " || $0 == "\t" } }

        private mutating func scalar(endingAt ends: String) -> String {
            skipSpace()
            if rest.first == "\"" || rest.first == "'", let end = YAMLFlow.endOfQuoted(rest) {
                defer { rest = rest[end...] }
                return YAMLFlow.unquoted(rest[..<end])
            }
            var taken = rest.prefix { !ends.contains($0) }
            rest = rest[taken.endIndex...]
            while taken.last == " " { taken.removeLast() }
            return String(taken)
        }
    }
}

/// A text of a language, line by line, with what is code and what is comment told apart.
struct SourceText {
    /// One line.
    struct Line {
        /// All of it, without its ending.
        var text: ArraySlice<UInt8> = []
        /// The code, with spaces for comments and for the contents of strings.
        var code: [UInt8] = []
        /// The line with spaces for comments, and for the contents of strings of several lines.
        var statement: [UInt8] = []
        /// The text of its comments.
        var comment: [UInt8] = []
        /// Whether it begins within a string.
        var isInString = false

        /// The number of bytes of white space before the first other one.
        var indent: Int { text.prefix { $0 == 0x20 || $0 == 0x09 }.count }
        /// Whether there is nothing but white space in its code.
        var isBlank: Bool { code.allSatisfy { $0 == 0x20 || $0 == 0x09 } }
        /// The whole line without the space around it.
        var trimmed: [UInt8] { Self.trimmed(text) }
        /// The code without the space around it, as text.
        var codeText: String { String(decoding: Self.trimmed(code[...]), as: UTF8.self) }
        /// The whole line as text, without the space around it.
        var shown: String { String(decoding: trimmed, as: UTF8.self) }

        private static func trimmed(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
            let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D || $0 == 0x0C }
            let rest = bytes.drop(while: isSpace)
            return Array(rest.prefix((rest.lastIndex { !isSpace($0) } ?? rest.startIndex - 1) + 1 - rest.startIndex))
        }
    }

    /// The lines in order.
    let lines: [Line]
    /// The language.
    let language: SourceLanguage

    /// Reads a text; what is not closed in it ends with it.
    init(_ bytes: [UInt8], language: SourceLanguage) {
        self.language = language
        var reader = SourceReader(language)
        lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
            reader.read(line.last == 0x0D ? line.dropLast() : line)
        }
    }
}

/// Goes through the lines of a text, and knows in which string or comment one begins.
private struct SourceReader {
    private enum State {
        case code
        case comment(depth: Int)
        /// Ends with this; `isKept` if its contents are code, too.
        case string(end: [UInt8], isKept: Bool)
    }

    private let language: SourceLanguage
    private let lineComments: [[UInt8]]
    private let quotes: [UInt8]
    private var state = State.code
    private var line = SourceText.Line()
    private var position = 0
    /// Where the string begins that is being read: its place in the code and in the line.
    private var opening: (code: Int, text: Int)?

    init(_ language: SourceLanguage) {
        self.language = language
        lineComments = language.lineComments.map { Array($0.utf8) }
        quotes = language.quotes
    }

    mutating func read(_ text: ArraySlice<UInt8>) -> SourceText.Line {
        line = SourceText.Line(text: text)
        line.code.reserveCapacity(text.count)
        if case .string = state { line.isInString = true }
        opening = nil
        position = text.startIndex
        while position < text.endIndex { step() }
        if case .string(let end, _) = state, end.count == 1, end[0] != UInt8(ascii: "`") {
            // It was none, or goes on in a way that is not followed: rather code that is none than code that is missed.
            state = .code
            if let opening {
                line.code.replaceSubrange(opening.code..., with: text[opening.text...])
            } else {
                line.code = Array(text)
            }
        }
        return line
    }

    private mutating func step() {
        switch state {
        case .code: stepInCode()
        case .comment(let depth):
            if starts("*/") {
                take(2, asComment: true)
                state = depth > 1 ? .comment(depth: depth - 1) : .code
            } else if starts("/*"), language == .rust || language == .swift {
                take(2, asComment: true)
                state = .comment(depth: depth + 1)
            } else {
                take(1, asComment: true)
            }
        case .string(let end, let isKept):
            let isShort = end.count == 1
            if line.text[position] == UInt8(ascii: "\\"), position + 1 < line.text.endIndex {
                take(2, isKept: isKept, isShown: isShort)
            } else if line.text[position...].starts(with: end) {
                take(end.count, isKept: true)
                (state, opening) = (.code, nil)
            } else {
                take(1, isKept: isKept, isShown: isShort)
            }
        }
    }

    private mutating func stepInCode() {
        let byte = line.text[position]
        if beginsLineComment() {
            take(line.text.endIndex - position, asComment: true)
        } else if language.hasBlockComments, starts("/*") {
            take(2, asComment: true)
            state = .comment(depth: 1)
        } else if quotes.contains(byte) {
            beginString(byte)
        } else if byte == UInt8(ascii: "/"), language == .javascript, let end = endOfPattern() {
            take(1, isKept: true)
            take(end - position, isKept: false)
        } else {
            take(1, isKept: true)
        }
    }

    private func beginsLineComment() -> Bool {
        guard lineComments.contains(where: { line.text[position...].starts(with: $0) }) else { return false }
        guard language.needsSpaceBeforeComment, position > line.text.startIndex else { return true }
        let before = line.text[position - 1]
        return before == 0x20 || before == 0x09 || before == UInt8(ascii: ";")
    }

    private mutating func beginString(_ quote: UInt8) {
        let start = (line.code.count, position)
        let isTriple = language.hasTripleQuotes && line.text[position...].starts(with: [quote, quote, quote])
        let end = [UInt8](repeating: quote, count: isTriple ? 3 : 1)
        let isKept = keepsContents(quote)
        take(end.count, isKept: true)
        opening = start
        state = .string(end: end, isKept: isKept)
    }

    /// Whether what stands in a string is run or has code in it.
    private func keepsContents(_ quote: UInt8) -> Bool {
        let code = line.code.suffix(200)
        switch language {
        case .python:
            let prefix = code.reversed().prefix { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A }
            if prefix.count <= 2, prefix.contains(where: { $0 | 0x20 == UInt8(ascii: "f") }) { return true }
        case .javascript:
            if quote == UInt8(ascii: "`"), line.text[position...].contains(UInt8(ascii: "$")) { return true }
        case .ruby: if line.text[position...].contains(UInt8(ascii: "{")) { return true }
        case .shell: if quote == UInt8(ascii: "\""), line.text[position...].contains(UInt8(ascii: "$")) { return true }
        default: break
        }
        return Self.runners.contains { code.contains($0) }
    }

    /// Calls whose strings are run.
    private static let runners = ["exec", "eval", "system", "popen", "spawn", "Function(", "subprocess", "compile("]
        .map { Array($0.utf8) }

    /// Where a pattern between slashes ends, if one begins here.
    private func endOfPattern() -> Int? {
        let before = line.code.last { $0 != 0x20 && $0 != 0x09 }
        guard before.map({ "(,=:[!&|?{};+".utf8.contains($0) }) ?? true else { return nil }
        var (index, isInSet) = (position + 1, false)
        while index < line.text.endIndex {
            switch line.text[index] {
            case UInt8(ascii: "\\"): index += 1
            case UInt8(ascii: "["): isInSet = true
            case UInt8(ascii: "]"): isInSet = false
            case UInt8(ascii: "/") where !isInSet: return index
            default: break
            }
            index += 1
        }
        return nil
    }

    private func starts(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { line.text[position...].starts(with: $0) }
    }

    private mutating func take(_ count: Int, isKept: Bool, isShown: Bool = true) {
        let end = min(position + count, line.text.endIndex)
        if isKept {
            line.code += line.text[position..<end]
        } else {
            line.code += repeatElement(0x20, count: end - position)
        }
        if isKept || isShown {
            line.statement += line.text[position..<end]
        } else {
            line.statement += repeatElement(0x20, count: end - position)
        }
        position = end
    }

    private mutating func take(_ count: Int, asComment: Bool) {
        let end = min(position + count, line.text.endIndex)
        line.comment += line.text[position..<end]
        line.code += repeatElement(0x20, count: end - position)
        line.statement += repeatElement(0x20, count: end - position)
        position = end
    }
}

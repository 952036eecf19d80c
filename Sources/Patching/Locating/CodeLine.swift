/// What a line of code says of itself: how deep it is indented, and whether it begins a definition.
///
/// It errs on the side of no definition.
struct CodeLine {
    private let text: LineBytes
    private let style: CodeStyle
    /// Whether the line begins with a letter, and not with an attribute or a sign.
    private let beginsWithLetter: Bool
    /// The columns of its indentation.
    let indentation: Int
    /// Whether a word says that it is a definition, such as `class`.
    private let isNamed: Bool
    /// Whether its block may begin inside parentheses, as in `it("…", () => {`.
    let opensInCall: Bool
    /// Whether it is a definition by such a word or by its form, provided that a block follows.
    let isDefinition: Bool

    init(_ line: LineBytes, style: CodeStyle) {
        text = Self.withoutAttributes(line.trimmed)
        self.style = style
        beginsWithLetter =
            line.trimmed.first.map { $0 == 0x24 || Self.isWord($0) && !(0x30...0x39).contains($0) } ?? false
        indentation = Self.indentation(of: line)
        let words = Self.words(text)
        isNamed = Self.isNamed(words)
        opensInCall = Self.isTest(text, words) || Self.isFunctionValue(text)
        isDefinition = isNamed || opensInCall || Self.hasForm(of: text, words, style)
    }

    /// The columns that a line is indented by, four to a tab.
    static func indentation(of line: LineBytes) -> Int {
        line.indentation.reduce(0) { $1 == 0x09 ? ($0 / 4 + 1) * 4 : $0 + 1 }
    }

    /// Whether the byte is part of a name.
    static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }

    /// Whether git, if it takes this line for the heading of what follows, takes the other one, too.
    ///
    /// It then never names this line for what lies below the other. It takes what its rules for the language name, or
    /// without such rules every line that begins with a letter.
    func isHeading(like other: CodeLine) -> Bool {
        guard beginsWithLetter, indentation == 0 || style.hasIndentedHeadings else { return true }
        return other.beginsWithLetter && (!isNamed || other.isNamed || !style.namesDefinitions)
    }

    /// The text behind attributes such as `@Test` and `#[test]`.
    private static func withoutAttributes(_ text: LineBytes) -> LineBytes {
        var text = text
        while text.first == UInt8(ascii: "@") {
            let rest = text.dropFirst().drop { isWord($0) || $0 == UInt8(ascii: ".") }
            if rest.first == UInt8(ascii: "(") {
                guard let end = rest.firstIndex(of: UInt8(ascii: ")")) else { return text }
                text = rest[(end + 1)...].trimmed
            } else {
                text = rest.trimmed
            }
        }
        if text.starts(with: "#[".utf8), let end = text.firstIndex(of: UInt8(ascii: "]")) {
            text = text[(end + 1)...].trimmed
        }
        return text
    }

    /// A word and the byte that follows it, white space left out.
    private typealias Word = (text: String, next: UInt8?)

    /// The words that the line begins with.
    private static func words(_ text: LineBytes) -> [Word] {
        var words: [Word] = []
        var rest = text
        while words.count < 8 {
            let word = rest.prefix { isWord($0) || $0 == UInt8(ascii: "!") }
            guard !word.isEmpty else { break }
            rest = rest.dropFirst(word.count)
            if word.elementsEqual("pub".utf8), rest.first == UInt8(ascii: "(") {
                rest = rest.drop { $0 != UInt8(ascii: ")") }.dropFirst()
            }
            rest = rest.dropFirst(rest.indentation.count)
            words.append((String(decoding: word, as: UTF8.self), rest.first))
        }
        return words
    }

    /// Whether the first word that is no modifier is one for definitions, and a name or a list follows it; in
    /// `type: x` and `object = x` it is a name itself.
    private static func isNamed(_ words: [Word]) -> Bool {
        guard let word = words.first(where: { !modifiers.contains($0.text) }), keywords.contains(word.text),
            let next = word.next
        else { return false }
        return isWord(next) || "(<*{`".utf8.contains(next)
    }

    /// Whether it begins a test with its title, as in `it "works" do`.
    private static func isTest(_ text: LineBytes, _ words: [Word]) -> Bool {
        guard words.count == 1, let word = words.first, tests.contains(word.text) else { return false }
        let title = text.dropFirst(word.text.utf8.count).drop { $0 == UInt8(ascii: "(") || $0.isLineSpace }.first
        return title.map { "\"'`".utf8.contains($0) } ?? false
    }

    /// Whether it names a function or a class, as in `run = function () {` and `run: () => {`.
    private static func isFunctionValue(_ text: LineBytes) -> Bool {
        guard let sign = text.firstIndex(where: { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ":") }) else {
            return false
        }
        let value = text[(sign + 1)...].trimmed
        let word = words(value).first { $0.text != "async" }
        return word?.text == "function" || word?.text == "class"
            || (text.hasSuffix(ArraySlice("=> {".utf8)) && value.first != UInt8(ascii: ">"))
    }

    /// Whether it looks like `name(…) {` that is no statement, like a rule of a style sheet, or like a key of an
    /// outline.
    private static func hasForm(of text: LineBytes, _ words: [Word], _ style: CodeStyle) -> Bool {
        guard let first = text.first, let last = text.last else { return false }
        if style.isStyleSheet { return last == UInt8(ascii: "{") && first != UInt8(ascii: "}") }
        if style.isOutline { return text.starts(with: "- ".utf8) || (last == UInt8(ascii: ":") && first != 0x23) }
        guard !style.hasTrailingBlocks, !style.namesDefinitions, isWord(first) || first == UInt8(ascii: "~"),
            last != UInt8(ascii: ";"), !words.contains(where: { statements.contains($0.text) }),
            words.isEmpty || words.contains(where: { !modifiers.contains($0.text) }),
            let open = text.firstIndex(of: UInt8(ascii: "("))
        else { return false }
        let head = text[..<open].withoutTrailingSpace
        // With a sign in front of the parenthesis it is a statement that calls something.
        return head.last.map(isWord) ?? false && !head.contains { "=.\"'`?".utf8.contains($0) }
    }

    private static let modifiers: Set = [
        "public", "private", "protected", "internal", "fileprivate", "open", "package", "final", "static", "abstract",
        "async", "export", "default", "override", "virtual", "inline", "extern", "unsafe", "const", "pub", "sealed",
        "data", "partial", "mutating", "nonisolated", "local", "suspend", "operator", "indirect", "convenience",
        "required", "declare", "typedef", "constexpr", "explicit", "friend", "synchronized", "native", "readonly",
    ]
    private static let keywords: Set = [
        "def", "class", "func", "fn", "function", "fun", "sub", "proc", "struct", "enum", "union", "trait", "impl",
        "interface", "protocol", "extension", "module", "namespace", "actor", "object", "record", "mod",
        "macro_rules!", "init", "deinit", "subscript", "constructor", "message", "service", "type", "defmodule",
        "defp", "defmacro", "procedure",
    ]
    private static let statements: Set = [
        "if", "else", "elif", "elsif", "elseif", "for", "foreach", "while", "switch", "case", "do", "try", "catch",
        "except", "finally", "with", "when", "unless", "until", "begin", "rescue", "ensure", "match", "loop", "select",
        "guard", "repeat", "return", "throw", "await", "yield", "defer", "go", "using", "lock", "new", "assert", "in",
        "and", "or", "not", "then", "goto", "raise",
    ]
    private static let tests: Set = [
        "describe", "context", "it", "test", "suite", "scenario", "feature", "specify", "bench",
    ]
}

/// Cuts shell text into words and operators as a shell does (POSIX, Shell Command Language, 2.2 to 2.7).
///
/// It goes by code points: a combining mark behind a `;` does not take the `;` away. Comments and the bodies of
/// here-documents are passed over; what is substituted stays closed, since only a shell can tell it. Any text has
/// tokens: what is not closed ends with the text.
struct ShellLexer {
    private(set) var tokens: [ShellToken] = []
    /// The texts of what is substituted, without what encloses them.
    private(set) var substituted: [String] = []

    private var rest: Substring.UnicodeScalarView
    private var word: ShellWord?
    /// What the next word belongs to, behind `<` or `>`.
    private var redirection: (isHere: Bool, stripsTabs: Bool)?
    private var marks: [(word: String, stripsTabs: Bool)] = []

    init(_ text: String) {
        rest = text[...].unicodeScalars
        while let scalar = rest.popFirst() { take(scalar) }
        endWord()
    }

    private mutating func take(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "'": append(takeUntil("'"), isQuoted: true)
        case "\"": takeQuoted()
        case "\\":
            let next = rest.popFirst()
            if next != "\n" { append(next.map { String($0) } ?? "", isQuoted: true) }
        case "$": takeDollar()
        case "`":
            skipBackquoted()
            begin(.unknown)
        case "#" where word == nil: rest = rest.drop { $0 != "\n" }
        case " ", "\t": endWord()
        case "\r" where rest.first == "\n": endWord()
        case "\n":
            endWord()
            redirection = nil
            skipHereDocuments()
            tokens.append(.joint(.end))
        case "<", ">": takeRedirection(scalar)
        case "&" where rest.first == ">":
            endWord()
            takeRedirection(rest.removeFirst())
        case ";", "&", "|", "(", ")": takeOperator(scalar)
        default: append(String(scalar), isQuoted: false)
        }
    }

    private mutating func takeOperator(_ scalar: Unicode.Scalar) {
        endWord()
        redirection = nil
        let isDouble = rest.first == scalar
        switch scalar {
        case "(": return tokens.append(.open)
        case ")": return tokens.append(.close)
        case "&": tokens.append(.joint(isDouble ? .and : .background))
        case "|": tokens.append(.joint(isDouble ? .or : .pipe))
        default: tokens.append(.joint(.end))
        }
        if isDouble || (scalar == "|" && rest.first == "&") { rest.removeFirst() }
    }

    // MARK: Words

    private mutating func append(_ text: String, isQuoted: Bool) {
        word = word ?? ShellWord()
        word?.append(text, isQuoted: isQuoted)
    }

    private mutating func begin(_ piece: ShellWord.Piece) {
        word = word ?? ShellWord()
        word?.append(piece)
    }

    private mutating func endWord() {
        guard let ended = word else { return }
        word = nil
        guard let target = redirection else { return tokens.append(.word(ended)) }
        redirection = nil
        tokens.append(.redirection(ended, isHere: target.isHere))
        if target.isHere { marks.append((ended.rawText, target.stripsTabs)) }
    }

    private mutating func takeUntil(_ end: Unicode.Scalar) -> String {
        let text = rest.prefix { $0 != end }
        rest = rest[text.endIndex...].dropFirst()
        return String(text)
    }

    private mutating func takeQuoted() {
        append("", isQuoted: true)
        while let inner = rest.popFirst(), inner != "\"" {
            switch inner {
            case "\\":
                guard let next = rest.popFirst() else { return append("\\", isQuoted: true) }
                if next == "\n" { continue }
                append("$`\"\\".unicodeScalars.contains(next) ? String(next) : "\\\(next)", isQuoted: true)
            case "$": takeDollar(isQuoted: true)
            case "`":
                skipBackquoted()
                begin(.unknown)
            default: append(String(inner), isQuoted: true)
            }
        }
    }

    private mutating func takeDollar(isQuoted: Bool = false) {
        switch rest.first {
        case "(":
            rest.removeFirst()
            skipNested(until: ")")
            begin(.unknown)
        case "{":
            rest.removeFirst()
            let name = rest.prefix(while: ShellWord.isNamePart)
            if !name.isEmpty, rest[name.endIndex...].first == "}" {
                rest = rest[name.endIndex...].dropFirst()
                begin(.variable(String(name)))
            } else {
                skipNested(until: "}")
                begin(.unknown)
            }
        case let first? where ShellWord.isNamePart(first):
            // `$12` is `$1` with a 2 behind it.
            let name = first.properties.numericType == nil ? rest.prefix(while: ShellWord.isNamePart) : rest.prefix(1)
            rest = rest[name.endIndex...]
            begin(.variable(String(name)))
        case let first? where "@*#?-$!".unicodeScalars.contains(first):
            rest.removeFirst()
            begin(.unknown)
        // Some shells read escapes in `$'…'`, or translate `$"…"`; others take the dollar for itself.
        case "'" where !isQuoted, "\"" where !isQuoted: begin(.unknown)
        default: append("$", isQuoted: isQuoted)
        }
    }

    // MARK: What is passed over

    private mutating func skipBackquoted() {
        var text = String.UnicodeScalarView()
        while var inner = rest.popFirst(), inner != "`" {
            if inner == "\\", let next = rest.popFirst() { inner = next }
            text.append(inner)
        }
        substituted.append(String(text))
    }

    /// Passes over a substitution, with the quotes and substitutions in it.
    private mutating func skipNested(until end: Unicode.Scalar) {
        let whole = rest
        defer { substituted.append(String(whole[..<rest.startIndex].dropLast(rest.isEmpty ? 0 : 1))) }
        var awaited = [end]
        while let last = awaited.last, let inner = rest.popFirst() {
            switch inner {
            case last: awaited.removeLast()
            case "\\": rest = rest.dropFirst()
            case "$" where rest.first == "(": awaited.append(")")
            case "$" where rest.first == "{": awaited.append("}")
            case "'" where last != "\"": _ = takeUntil("'")
            case "\"": awaited.append("\"")
            case "(" where last == ")": awaited.append(")")
            default: continue
            }
            if inner == "$" { rest.removeFirst() }
        }
    }

    private mutating func skipHereDocuments() {
        for mark in marks {
            while !rest.isEmpty {
                let line = rest.prefix { $0 != "\n" }
                rest = rest[line.endIndex...].dropFirst()
                var text = mark.stripsTabs ? line.drop { $0 == "\t" } : line
                if text.last == "\r" { text.removeLast() }
                if text.elementsEqual(mark.word.unicodeScalars) { break }
            }
        }
        marks = []
    }

    // MARK: Redirections

    private mutating func takeRedirection(_ scalar: Unicode.Scalar) {
        // Digits right before are the number of a stream.
        if let number = word?.bare, number.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { word = nil }
        endWord()
        if rest.first == "(" {
            rest.removeFirst()
            skipNested(until: ")")
            return begin(.unknown)
        }
        var isHere = false
        if scalar == "<", rest.first == "<" {
            rest.removeFirst()
            isHere = rest.first != "<"
            if !isHere { rest.removeFirst() }
        } else if let next = rest.first, next == ">" || next == "&" || (scalar == ">" && next == "|") {
            rest.removeFirst()
        }
        let stripsTabs = isHere && rest.first == "-"
        if stripsTabs { rest.removeFirst() }
        redirection = (isHere, stripsTabs)
    }
}

extension ShellWord {
    /// The word with variables as they are written, which is how the end of a here-document is compared.
    fileprivate var rawText: String {
        pieces.reduce(into: "") { text, piece in
            switch piece {
            case .text(let part, _): text += part
            case .variable(let name): text += "$" + name
            case .unknown: break
            }
        }
    }
}

/// A word of a shell line, as far as it can be told without running anything.
struct ShellWord {
    /// A stretch of it.
    enum Piece {
        /// Characters that stand for themselves, and whether they were quoted or escaped.
        case text(String, isQuoted: Bool)
        /// The value of a variable.
        case variable(String)
        /// What only a shell can tell: the output of a command, a special parameter, `${name:-…}`.
        case unknown
    }

    private(set) var pieces: [Piece] = []

    mutating func append(_ text: String, isQuoted: Bool) {
        guard case .text(var whole, isQuoted)? = pieces.last else {
            return pieces.append(.text(text, isQuoted: isQuoted))
        }
        // Without the piece nobody else holds the text, so that it grows in place.
        pieces.removeLast()
        whole += text
        pieces.append(.text(whole, isQuoted: isQuoted))
    }

    mutating func append(_ piece: Piece) { pieces.append(piece) }

    /// The word if no shell is needed to tell it, without its quotes.
    var literal: String? {
        var literal = ""
        for piece in pieces {
            guard case .text(let text, _) = piece else { return nil }
            literal += text
        }
        return literal
    }

    /// The word if it is written without quotes, as the reserved words and names of variables are.
    var bare: String? {
        if pieces.count == 1, case .text(let text, isQuoted: false) = pieces[0] { text } else { nil }
    }

    /// Whether the word sets a variable if it stands before the program.
    var isAssignment: Bool {
        guard case .text(let start, isQuoted: false)? = pieces.first else { return false }
        let name = start.prefix { $0 != "=" }
        return name.count < start.count && ShellWord.isName(name)
    }

    /// Whether a text may name a variable.
    static func isName(_ text: some StringProtocol) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return text.unicodeScalars.allSatisfy(isNamePart)
    }

    /// Whether a character may stand in the name of a variable: a letter or digit of ASCII, or `_`.
    static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || (scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)))
    }
}

import Text

/// Puts text into lines of a width between its words, piece by piece as it comes.
///
/// Wide characters count twice and may stand at the beginning of any line; escape sequences that choose colours count
/// for nothing. A word that no line has room for is cut.
public struct WordWrap: Sendable {
    /// How many columns the lines after the first begin with.
    public var indent = 0
    /// The columns of a line; nil for no limit.
    public var width: Int?
    /// The column behind what was written.
    public private(set) var column = 0

    private let style: TerminalStyle
    private var spaces = 0
    /// The word that has not ended yet: its text with escape sequences, its columns, and whether one is open.
    private var word: [(text: String, tone: TextTone)] = []
    private var wordWidth = 0
    private var isInSequence = false

    /// Begins at the start of a line.
    public init(width: Int?, style: TerminalStyle) {
        self.width = width
        self.style = style
    }

    /// Takes text, in which a line feed ends a line; returns what can be written so far.
    public mutating func add(_ text: some StringProtocol, _ tone: TextTone = .plain) -> String {
        var written = ""
        for character in text {
            if isInSequence {
                append(character, tone, width: 0)
                isInSequence = !character.isLetter
                continue
            }
            switch character {
            case "\n": written += endLine()
            case " ":
                written += flush()
                spaces += 1
            case "\u{1B}":
                append(character, tone, width: 0)
                isInSequence = true
            default:
                let width = character == "\t" ? 1 : String(character).cellWidth
                if width > 1 {
                    // Between wide characters a line may end without a space.
                    written += flush()
                    append(character, tone, width: width)
                    written += flush()
                } else {
                    append(character, tone, width: width)
                }
            }
        }
        return written
    }

    /// Ends the line; spaces at its end are left out.
    public mutating func endLine() -> String {
        let rest = flush()
        (column, spaces) = (0, 0)
        return rest + "\n"
    }

    /// Writes the word that has not ended yet.
    public mutating func flush() -> String {
        guard !word.isEmpty else { return "" }
        defer { (word, wordWidth) = ([], 0) }
        var written = ""
        if let width, wordWidth > 0, column > indent, column + spaces + wordWidth > width {
            written = breakLine()
        } else {
            written = String(repeating: " ", count: spaces)
            column += spaces
            spaces = 0
        }
        guard let width, column + wordWidth > width, width > indent else {
            column += wordWidth
            return written + word.map { style($0.tone, $0.text) }.joined()
        }
        for (text, tone) in word { written += cut(text, tone, at: width) }
        return written
    }

    private mutating func append(_ character: Character, _ tone: TextTone, width: Int) {
        if word.last?.tone == tone {
            word[word.count - 1].text.append(character)
        } else {
            word.append(("\(character)", tone))
        }
        wordWidth += width
    }

    private mutating func breakLine() -> String {
        (column, spaces) = (indent, 0)
        return "\n" + String(repeating: " ", count: indent)
    }

    /// Takes the end off a piece of a path or a name, so that it is cut behind a slash where one is near.
    private static func rest(of piece: inout String) -> String {
        guard let slash = piece.lastIndex(of: "/"), piece[..<slash].count * 2 > piece.count else { return "" }
        defer { piece.removeSubrange(piece.index(after: slash)...) }
        return String(piece[piece.index(after: slash)...])
    }

    /// Writes a part of a word that is wider than a line.
    private mutating func cut(_ text: String, _ tone: TextTone, at width: Int) -> String {
        var (written, piece, isSequence) = ("", "", false)
        for character in text {
            isSequence = isSequence ? true : character == "\u{1B}"
            let columns = isSequence ? 0 : String(character).cellWidth
            if isSequence, character.isLetter { isSequence = false }
            if column + columns > width, column > indent {
                let rest = Self.rest(of: &piece)
                written += style(tone, piece) + breakLine()
                piece = rest
                column += rest.cellWidth
            }
            piece.append(character)
            column += columns
        }
        return written + (piece.isEmpty ? "" : style(tone, piece))
    }
}

extension TerminalStyle {
    /// The text in lines between words, for an output that is a terminal; as it stands elsewhere.
    ///
    /// - Parameters:
    ///   - indent: How many columns the lines after the first begin with; nil for as many spaces as each line of the
    ///     text begins with itself.
    public func filled(_ text: String, indent: Int? = 0) -> String {
        guard let columns else { return text }
        var wrap = WordWrap(width: columns - 1, style: self)
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            wrap.indent = min(indent ?? line.prefix { $0 == " " }.count, columns / 2)
            let text = wrap.add(line) + wrap.flush()
            _ = wrap.endLine()
            return text
        }.joined(separator: "\n")
    }
}

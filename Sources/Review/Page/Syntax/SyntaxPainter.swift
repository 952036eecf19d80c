/// Tells what the stretches of lines of code are, line by line as a difference shows them.
///
/// A line is read by itself, but for a comment that began on a line above it: differences begin anywhere, so that no
/// parser could know more. What it cannot tell stays plain.
struct SyntaxPainter {
    /// What a stretch of code is.
    enum Tone: UInt8 {
        case plain, word, string, comment, number
    }

    private let language: SyntaxLanguage
    /// Whether the line before ended within a comment.
    private var isInComment = false

    init(_ language: SyntaxLanguage) {
        self.language = language
    }

    /// A tone for each character of the next line.
    mutating func tones(of line: [Character]) -> [Tone] {
        var tones = [Tone](repeating: .plain, count: line.count)
        var position = 0
        func paint(to end: Int, _ tone: Tone) {
            for index in position..<end { tones[index] = tone }
            position = end
        }
        if isInComment {
            let end = endOfComment(line, from: 0)
            isInComment = end == nil
            paint(to: end ?? line.count, .comment)
        }
        while position < line.count {
            let character = line[position]
            if language.lineComments.contains(where: { begins(line, position, $0) && isComment(line, position, $0) }) {
                paint(to: line.count, .comment)
            } else if let block = language.blockComment, begins(line, position, block.start) {
                let end = endOfComment(line, from: position + block.start.count)
                isInComment = end == nil
                paint(to: end ?? line.count, .comment)
            } else if language.quotes.contains(character) {
                paint(to: endOfString(line, from: position), .string)
            } else if Self.isOfWord(character) {
                var end = position
                while end < line.count, Self.isOfWord(line[end]) || (character.isNumber && line[end] == ".") {
                    end += 1
                }
                let isWord = language.words.contains(String(line[position..<end]))
                paint(to: end, character.isNumber ? .number : isWord ? .word : .plain)
            } else {
                position += 1
            }
        }
        return tones
    }

    private func begins(_ line: [Character], _ position: Int, _ text: String) -> Bool {
        line.count - position >= text.count && zip(line[position...], text).allSatisfy { $0 == $1 }
    }

    /// A `#` or `;` within a word is none, as in `$#` or `a#b`.
    private func isComment(_ line: [Character], _ position: Int, _ mark: String) -> Bool {
        mark.count > 1 || position == 0 || line[position - 1].isWhitespace
    }

    private func endOfComment(_ line: [Character], from start: Int) -> Int? {
        guard let end = language.blockComment?.end else { return nil }
        return (start..<max(start, line.count)).first { begins(line, $0, end) }.map { $0 + end.count }
    }

    /// Behind the closing quote; a string that is not closed ends with the line, and a lone apostrophe is none.
    private func endOfString(_ line: [Character], from start: Int) -> Int {
        var position = start + 1
        while position < line.count {
            if line[position] == "\\" {
                position += 1
            } else if line[position] == line[start] {
                return position + 1
            }
            position += 1
        }
        return line[start] == "'" ? start + 1 : line.count
    }

    private static func isOfWord(_ character: Character) -> Bool {
        character == "_" || character.isLetter || character.isNumber
    }
}

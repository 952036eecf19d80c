/// Walks over lines of code and tells what stands in strings and comments from what opens and closes blocks.
///
/// It knows little of any language, and where it is wrong it takes a block for longer than it is; whoever asks must
/// take that for "not sure".
struct CodeScanner {
    /// The brackets and semicolons of a line that are code.
    struct Line {
        /// Whether the line begins inside a string, a comment or a here-document.
        let isText: Bool
        var marks: [UInt8] = []
    }

    private enum State: Equatable {
        case code
        case comment
        case string([UInt8])
    }

    private let style: CodeStyle
    private var state = State.code
    /// The words that end the here-documents that have begun.
    private var hereDocuments: [LineBytes] = []
    /// How many conditions of a preprocessor are open since the branch that is left out.
    private var leftOut = 0

    init(_ style: CodeStyle) { self.style = style }

    private static let triples: [[UInt8]] = [[0x22, 0x22, 0x22], [0x27, 0x27, 0x27]]

    /// Takes the next line.
    mutating func take(_ line: LineBytes) -> Line {
        if let word = hereDocuments.first {
            if line.trimmed.elementsEqual(word) { hereDocuments.removeFirst() }
            return Line(isText: true)
        }
        var result = Line(isText: state != .code)
        if state == .code, leavesOut(line) { return result }
        var index = line.startIndex
        while index < line.endIndex {
            switch state {
            case .comment: skip(to: Array("*/".utf8), in: line, &index)
            case .string(let end): skip(to: end, in: line, &index)
            case .code: readCode(of: line, &index, into: &result)
            }
        }
        return result
    }

    /// Counts only the first branch of `#if`, because the others open the same blocks again.
    private mutating func leavesOut(_ line: LineBytes) -> Bool {
        let text = line.trimmed
        guard style.hasSlashComments, text.first == UInt8(ascii: "#") else { return leftOut > 0 }
        let word = text.dropFirst().trimmed.prefix { $0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z") }
        switch String(decoding: word, as: UTF8.self) {
        case "else", "elif", "elseif", "elifdef": leftOut = max(leftOut, 1)
        case "if", "ifdef", "ifndef": leftOut += leftOut > 0 ? 1 : 0
        case "endif": leftOut = max(leftOut - 1, 0)
        default: return leftOut > 0 || word.elementsEqual("define".utf8)
        }
        return true
    }

    private mutating func skip(to end: [UInt8], in line: LineBytes, _ index: inout Int) {
        let escapes = end.count == 1
        while index < line.endIndex {
            if escapes, line[index] == UInt8(ascii: "\\") {
                index = min(index + 2, line.endIndex)
            } else if line[index...].starts(with: end) {
                index += end.count
                state = .code
                return
            } else {
                index += 1
            }
        }
    }

    private mutating func readCode(of line: LineBytes, _ index: inout Int, into result: inout Line) {
        let byte = line[index]
        let rest = line[index...]
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["),
            UInt8(ascii: "]"), UInt8(ascii: ";"):
            result.marks.append(byte)
        case UInt8(ascii: "/") where style.hasSlashComments && rest.starts(with: "//".utf8): index = line.endIndex - 1
        case UInt8(ascii: "/") where style.hasSlashComments && rest.starts(with: "/*".utf8):
            state = .comment
            index += 1
        case UInt8(ascii: "#") where !style.hasSlashComments && isAlone(index, in: line): index = line.endIndex - 1
        case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"): readQuote(byte, of: line, &index)
        case UInt8(ascii: "<") where style.hasHereDocuments && rest.starts(with: "<<".utf8):
            noteHereDocument(rest.dropFirst(2))
            index += 1
        default: break
        }
        index += 1
    }

    private mutating func readQuote(_ quote: UInt8, of line: LineBytes, _ index: inout Int) {
        let rest = line[index...]
        if let triple = Self.triples.first(where: { $0[0] == quote && rest.starts(with: $0) }) {
            state = .string(triple)
            index += 2
            return
        }
        if quote == UInt8(ascii: "`"), style.hasBackticks {
            state = .string([quote])
            return
        }
        if quote == UInt8(ascii: "'"), !style.hasQuotedStrings {
            // One character, perhaps escaped; else a lifetime, an apostrophe, a separator of digits.
            let escaped = rest.dropFirst().first == UInt8(ascii: "\\")
            let end = rest.dropFirst(escaped ? 3 : 2).prefix(escaped ? 10 : 4).firstIndex(of: quote)
            index = end ?? index
            return
        }
        var end = index + 1
        while end < line.endIndex, line[end] != quote { end += line[end] == UInt8(ascii: "\\") ? 2 : 1 }
        if end < line.endIndex {
            index = end
        } else if style.hasLongStrings {
            state = .string([quote])
        }
    }

    private mutating func noteHereDocument(_ text: LineBytes) {
        var word = text
        if word.first == UInt8(ascii: "<") { word = word.dropFirst() }
        if let first = word.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "~") { word = word.dropFirst() }
        if let first = word.first, first == UInt8(ascii: "'") || first == UInt8(ascii: "\"") { word = word.dropFirst() }
        word = word.prefix { CodeLine.isWord($0) }
        if let first = word.first, first < UInt8(ascii: "0") || first > UInt8(ascii: "9") { hereDocuments.append(word) }
    }

    private func isAlone(_ index: Int, in line: LineBytes) -> Bool {
        index == line.startIndex || line[index - 1].isLineSpace
    }
}

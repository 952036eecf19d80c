import Text

/// Bytes of a line, without its ending.
typealias LineBytes = ArraySlice<UInt8>

/// How a line ends.
enum LineEnding: Sendable {
    case none, lf, crlf

    var bytes: [UInt8] {
        switch self {
        case .none: []
        case .lf: [0x0A]
        case .crlf: [0x0D, 0x0A]
        }
    }
}

/// One line of a patch.
struct DiffLine: Sendable {
    /// Its number in the patch, counted from 1.
    let number: Int
    let text: LineBytes
    let ending: LineEnding

    /// Whether the line begins with these characters.
    func begins(_ prefix: String) -> Bool {
        text.starts(with: prefix.utf8)
    }

    /// Whether the line holds these characters and nothing else but white space around them.
    func reads(_ words: String) -> Bool {
        text.trimmed.elementsEqual(words.utf8)
    }

    /// Whether the line holds nothing but white space.
    var isBlank: Bool { text.trimmed.isEmpty }

    /// The line with the carriage return of its ending.
    var textWithReturn: LineBytes {
        ending == .crlf ? text + [0x0D] : text
    }

    /// Cuts a text into lines; a line feed at the very end opens no line.
    static func split(_ text: ArraySlice<UInt8>, firstNumber: Int = 1) -> [DiffLine] {
        var lines: [DiffLine] = []
        var start = text.startIndex
        func take(_ end: Int, feed: Bool) {
            let hasReturn = end > start && text[end - 1] == 0x0D
            lines.append(
                DiffLine(
                    number: firstNumber + lines.count, text: text[start..<(hasReturn ? end - 1 : end)],
                    ending: feed ? (hasReturn ? .crlf : .lf) : .none))
        }
        for index in text.indices where text[index] == 0x0A {
            take(index, feed: true)
            start = index + 1
        }
        if start < text.endIndex { take(text.endIndex, feed: false) }
        return lines
    }
}

extension UInt8 {
    /// Whether the byte is white space inside a line.
    var isLineSpace: Bool { self == 0x20 || (self >= 0x09 && self <= 0x0D && self != 0x0A) }
}

extension ArraySlice<UInt8> {
    /// The bytes without white space at the end.
    var withoutTrailingSpace: LineBytes {
        var end = endIndex
        while end > startIndex, self[end - 1].isLineSpace { end -= 1 }
        return self[startIndex..<end]
    }

    /// The white space the line begins with.
    var indentation: LineBytes {
        prefix { $0.isLineSpace }
    }

    /// The bytes without white space at either end.
    var trimmed: LineBytes {
        let cut = withoutTrailingSpace
        return cut.dropFirst(cut.indentation.count)
    }

    /// Whether the other bytes are the last of these.
    func hasSuffix(_ other: LineBytes) -> Bool {
        count >= other.count && self[(endIndex - other.count)...].elementsEqual(other)
    }

    /// The line as a message names it, cut after 160 characters.
    var shown: String {
        let scalars = String(decoding: self.prefix(700), as: UTF8.self).unicodeScalars
        let isWhole = count <= 700 && scalars.count <= 160
        return String(scalars.prefix(160)).named + (isWhole ? "" : "…")
    }
}

public import Repository
import Text

/// A line of a diff prepared for being shown.
public struct MarkedLine: Sendable, Hashable {
    /// On which side it is.
    public let kind: DiffLine.Kind
    /// Its number before, from 1.
    public let oldNumber: Int?
    /// Its number after, from 1.
    public let newNumber: Int?
    /// The position in the hunk of the line that took its place, or whose place it took.
    public let counterpart: Int?
    /// The text from left to right, without the line ending.
    public let spans: [MarkedSpan]
    /// Whether it ends with a line feed; only the last line of a file may not.
    public let hasNewline: Bool

    init(_ line: DiffLine, _ content: LineContent, changed: [Range<Int>], counterpart: Int?, showsReturn: Bool) {
        kind = line.kind
        oldNumber = line.oldNumber
        newNumber = line.newNumber
        self.counterpart = counterpart
        hasNewline = content.hasLineFeed
        let trailing =
            line.kind == .context
            ? content.text.endIndex
            : (content.text.lastIndex { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") } ?? -1) + 1
        var spans = MarkedSpan.spans(of: content.text, changed: changed, trailing: trailing)
        if content.hasReturn, showsReturn {
            spans.append(MarkedSpan(text: "␍", kind: .invisible, isChanged: line.kind != .context))
        }
        self.spans = spans
    }
}

/// A stretch of a line that looks the same throughout.
public struct MarkedSpan: Sendable, Hashable {
    /// What a stretch is made of.
    public enum Kind: Sendable, Hashable {
        /// Text that can be shown as it is.
        case text
        /// Tabs, to be expanded.
        case tab
        /// Spaces and tabs at the end of a changed line, which should be seen.
        case trailing
        /// The name of something that cannot be seen, such as `^[` or `<U+202E>`, or that is not UTF-8, such as `<E9>`.
        case invisible
    }

    /// What to show.
    public let text: String
    /// What it is made of.
    public let kind: Kind
    /// Whether it differs from the counterpart.
    public let isChanged: Bool

    /// Cuts bytes into spans.
    ///
    /// - Parameters:
    ///   - changed: What to mark, in order.
    ///   - trailing: Where the white space at the end begins.
    static func spans(of bytes: [UInt8], changed: [Range<Int>], trailing: Int) -> [MarkedSpan] {
        var spans: [MarkedSpan] = []
        var text = ""
        var current: (kind: Kind, isChanged: Bool)?
        var ranges = changed[...]
        func close() {
            if let current, !text.isEmpty {
                spans.append(MarkedSpan(text: text, kind: current.kind, isChanged: current.isChanged))
            }
            text = ""
        }
        var reader = EffectReader()
        var scan = UTF8Scan(bytes)
        while let step = scan.next() {
            while let range = ranges.first, range.upperBound <= step.range.lowerBound { ranges.removeFirst() }
            let isChanged = ranges.first?.contains(step.range.lowerBound) ?? false
            let name: String?
            if let scalar = step.scalar {
                name = scalar.mark(for: reader.effect(of: scalar, before: scan.following))
            } else {
                name = "<\(bytes[step.range.lowerBound].hex)>"
                reader = EffectReader()
            }
            let kind: Kind =
                if step.range.lowerBound >= trailing {
                    .trailing
                } else if step.scalar == "\t" {
                    .tab
                } else {
                    name == nil ? .text : .invisible
                }
            if current?.kind != kind || current?.isChanged != isChanged {
                close()
                current = (kind, isChanged)
            }
            if kind == .invisible, let name {
                text += name
            } else if let scalar = step.scalar {
                text.unicodeScalars.append(scalar)
            }
        }
        close()
        return spans
    }
}

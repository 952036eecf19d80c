/// Cuts a text into pieces of about the same number of bytes, between characters of UTF-8.
struct TextPieces: Sequence, IteratorProtocol {
    private let text: Substring.UTF8View
    private var start: Substring.UTF8View.Index
    private let size: Int

    /// Without a size, pieces are 48 bytes, and longer where a text would otherwise make more than 1000 of them.
    init(_ text: String, size: Int?) {
        self.text = text[...].utf8
        start = self.text.startIndex
        self.size = Swift.max(size ?? Swift.max(48, text.utf8.count / 1000), 1)
    }

    mutating func next() -> Substring? {
        guard start < text.endIndex else { return nil }
        var end = text.index(start, offsetBy: size, limitedBy: text.endIndex) ?? text.endIndex
        while end < text.endIndex, text[end] & 0xC0 == 0x80 { end = text.index(after: end) }
        defer { start = end }
        return Substring(text[start..<end])
    }
}

/// The text of an element, of which the beginning and the end are kept.
struct ReportText {
    private var head: [UInt8] = []
    private var tail: [UInt8] = []

    private static let headLimit = 24 * 1024
    private static let tailLimit = 8 * 1024

    /// Takes a piece.
    mutating func add(_ text: String) {
        var bytes = Array(text.utf8)[...]
        let room = Self.headLimit - head.count
        if room > 0 {
            head += bytes.prefix(room)
            bytes = bytes.dropFirst(room)
        }
        guard !bytes.isEmpty else { return }
        tail += bytes.suffix(Self.tailLimit)
        if tail.count > 2 * Self.tailLimit { tail.removeFirst(tail.count - Self.tailLimit) }
    }

    /// The lines, without what a terminal would not show.
    var lines: [String] { LogDressing.lines(of: text) }

    /// The text; what was left out is not marked.
    var text: String {
        let bytes = tail.isEmpty ? head : head + [UInt8(ascii: "\n")] + tail.suffix(Self.tailLimit)
        return String(decoding: bytes, as: UTF8.self).withControls
    }
}

extension String {
    /// The text with control characters in place of their pictures, as `XMLReader` gives them.
    var withControls: String {
        guard unicodeScalars.contains(where: { Self.pictures.contains($0.value) }) else { return self }
        var result = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            let control = Self.pictures.contains(scalar.value) ? Unicode.Scalar(scalar.value - 0x2400) : nil
            result.append(control ?? scalar)
        }
        return String(result)
    }

    private static let pictures: ClosedRange<UInt32> = 0x2400...0x241F
}

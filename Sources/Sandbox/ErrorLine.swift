/// Tells which lines of output look like errors.
///
/// Looks for pairs of letters first, in a table of one bit a pair, and compares words only where a pair is found:
/// the reading of a command's output must not wait for this.
struct ErrorLine: Sendable {
    private struct Word: Sendable {
        let bytes: [UInt8]
        /// Where in the word its rarest pair of letters is.
        let pair: Int

        init(_ text: String, pair: Int) {
            bytes = Array(text.utf8)
            self.pair = pair
        }
    }

    private static let words = [
        Word("error", pair: 1), Word("Error", pair: 1), Word("ERROR", pair: 1), Word("fail", pair: 1),
        Word("Fail", pair: 1), Word("FAIL", pair: 1), Word("fatal", pair: 2), Word("Fatal", pair: 2),
        Word("FATAL", pair: 2), Word("Traceback", pair: 5), Word("panic", pair: 2), Word("PANIC", pair: 2),
        Word("xception", pair: 0), Word("ssert", pair: 1), Word("Segmentation", pair: 2),
        Word("undefined reference", pair: 4), Word("not ok", pair: 2),
    ]
    /// A passed test may carry such a word in its name.
    private static let excluding = ["PASSED", "... ok"].map { Array($0.utf8) }
    private static let lengthLimit = 2048

    private let pairs: [UInt64]

    init() {
        var pairs = [UInt64](repeating: 0, count: 1024)
        for word in Self.words {
            let pair = Int(word.bytes[word.pair]) << 8 | Int(word.bytes[word.pair + 1])
            pairs[pair >> 6] |= 1 << UInt64(pair & 63)
        }
        self.pairs = pairs
    }

    /// Whether the line, of which only the first 2,048 bytes count, looks like an error.
    func matches(_ line: UnsafeRawBufferPointer) -> Bool {
        let line = UnsafeRawBufferPointer(rebasing: line.prefix(Self.lengthLimit))
        guard line.count > 1 else { return false }
        // pytest marks the lines of a failure this way.
        if line[0] == UInt8(ascii: "E"), line.count > 3, line[1] == 0x20, line[2] == 0x20 { return true }
        return containsWord(line) && !Self.excluding.contains { Self.contains(line, $0) }
    }

    private func containsWord(_ line: UnsafeRawBufferPointer) -> Bool {
        pairs.withUnsafeBufferPointer { pairs in
            var pair = Int(line[0])
            var index = 1
            while index < line.count {
                pair = (pair & 0xFF) << 8 | Int(line[index])
                if pairs[pair >> 6] & (1 << UInt64(pair & 63)) != 0, hasWord(line, pairAt: index - 1) { return true }
                index += 1
            }
            return false
        }
    }

    private func hasWord(_ line: UnsafeRawBufferPointer, pairAt position: Int) -> Bool {
        Self.words.contains { word in
            let start = position - word.pair
            return start >= 0 && start + word.bytes.count <= line.count
                && line[start..<start + word.bytes.count].elementsEqual(word.bytes)
        }
    }

    private static func contains(_ line: UnsafeRawBufferPointer, _ word: [UInt8]) -> Bool {
        guard line.count >= word.count else { return false }
        return (0...line.count - word.count).contains { line[$0..<$0 + word.count].elementsEqual(word) }
    }
}

import Glibc

/// Recognizes lines of output that look like errors.
///
/// Looks for pairs of letters first, in a table with one bit per pair, and compares words only where a pair is found,
/// so that it does not slow down reading the output.
struct ErrorLine: Sendable {
    private struct Word: Sendable {
        let bytes: [UInt8]
        /// The offset of the rarest pair of letters in the word.
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
    /// A passed test may have such a word in its name.
    private static let excluding = ["PASSED", "... ok"].map { Array($0.utf8) }
    private static let lengthLimit = 2048

    private let pairs: [UInt64]
    /// The words by pair, so that a pair leads only to its own words.
    private let wordsOfPair: [[Word]]
    /// The index into that list by pair.
    private let places: [UInt8]

    init() {
        var pairs = [UInt64](repeating: 0, count: 1024)
        var places = [UInt8](repeating: 0, count: 1 << 16)
        var wordsOfPair: [[Word]] = [[]]
        for word in Self.words {
            let pair = Int(word.bytes[word.pair]) << 8 | Int(word.bytes[word.pair + 1])
            pairs[pair >> 6] |= 1 << UInt64(pair & 63)
            if places[pair] == 0 {
                places[pair] = UInt8(wordsOfPair.count)
                wordsOfPair.append([])
            }
            wordsOfPair[Int(places[pair])].append(word)
        }
        self.pairs = pairs
        self.wordsOfPair = wordsOfPair
        self.places = places
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
        guard let start = line.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return false }
        return pairs.withUnsafeBufferPointer { pairs in
            guard let pairs = pairs.baseAddress else { return false }
            let count = line.count
            var pair = Int(start[0])
            var index = 1
            // Runs for every byte; in unoptimized builds every operator is a call.
            while index < count {
                pair = (pair & 0xFF) << 8 | Int(start[index])
                if pairs[pair >> 6] & (1 << UInt64(pair & 63)) != 0, hasWord(line, pair, at: index - 1) { return true }
                index &+= 1
            }
            return false
        }
    }

    private func hasWord(_ line: UnsafeRawBufferPointer, _ pair: Int, at position: Int) -> Bool {
        for word in wordsOfPair[Int(places[pair])] {
            let start = position - word.pair
            guard start >= 0, start + word.bytes.count <= line.count, let base = line.baseAddress else { continue }
            if memcmp(base + start, word.bytes, word.bytes.count) == 0 { return true }
        }
        return false
    }

    private static func contains(_ line: UnsafeRawBufferPointer, _ word: [UInt8]) -> Bool {
        var rest = line
        while rest.count >= word.count, let base = rest.baseAddress {
            guard let found = memchr(base, Int32(word[0]), rest.count - word.count + 1) else { return false }
            if memcmp(found, word, word.count) == 0 { return true }
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(UnsafeRawPointer(found) - base + 1))
        }
        return false
    }
}

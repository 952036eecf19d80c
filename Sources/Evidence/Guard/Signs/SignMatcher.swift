import Glibc

/// Tries signs on lines; a pattern is made when a line first has a word of it.
final class SignMatcher {
    private var patterns: [Int: Regex<AnyRegexOutput>] = [:]
    private let triggers = Sign.all.map { $0.triggers.map { Array($0.utf8) } }

    /// Longer lines are looked at around the words only.
    private static let longest = 1000

    /// Whether a part of a line has a sign.
    func matches(_ index: Int, _ bytes: some RandomAccessCollection<UInt8>) -> Bool {
        let bytes = ArraySlice(bytes)
        guard let place = triggers[index].compactMap({ Self.place(of: $0, in: bytes) }).min() else { return false }
        if bytes.count <= Self.longest { return matches(index, text: bytes) }
        var next = Optional(place)
        while let place = next {
            let window = bytes[max(bytes.startIndex, place - 300)..<min(bytes.endIndex, place + 300)]
            if matches(index, text: window) { return true }
            next = triggers[index].compactMap { Self.place(of: $0, in: bytes[(place + 1)...]) }.min()
        }
        return false
    }

    private func matches(_ index: Int, text: ArraySlice<UInt8>) -> Bool {
        if patterns[index] == nil { patterns[index] = Self.pattern(Sign.all[index].pattern) }
        guard let pattern = patterns[index] else { return false }
        return String(decoding: text, as: UTF8.self).contains(pattern)
    }

    /// The regular expression of a text, with words of ASCII; nil for a faulty one, which a test looks for.
    static func pattern(_ text: String) -> Regex<AnyRegexOutput>? {
        let made = try? Regex(text)
        return made?.wordBoundaryKind(.simple).matchingSemantics(.unicodeScalar).asciiOnlyWordCharacters()
    }

    /// Where bytes first stand in others (memchr, memcmp).
    static func place(of word: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        guard let first = word.first else { return nil }
        return bytes.withUnsafeBytes { whole in
            word.withUnsafeBytes { sought in
                guard let base = whole.baseAddress, let part = sought.baseAddress else { return nil }
                var start = 0
                while start + sought.count <= whole.count {
                    let count = whole.count - sought.count - start + 1
                    guard let found = memchr(base + start, Int32(first), count) else { return nil }
                    let offset = UnsafeRawPointer(found) - base
                    if memcmp(found, part, sought.count) == 0 { return bytes.startIndex + offset }
                    start = offset + 1
                }
                return nil
            }
        }
    }
}

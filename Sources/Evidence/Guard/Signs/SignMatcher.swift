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
        guard let place = triggers[index].lazy.compactMap({ Self.place(of: $0, in: bytes) }).first else { return false }
        if bytes.count <= Self.longest { return matches(index, text: bytes) }
        var (start, place_) = (bytes.startIndex, Optional(place))
        while let place = place_ {
            let window = bytes[max(bytes.startIndex, place - 300)..<min(bytes.endIndex, place + 300)]
            if matches(index, text: window) { return true }
            start = place + 1
            place_ = triggers[index].lazy.compactMap { Self.place(of: $0, in: bytes[start...]) }.min()
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

    /// Where bytes first stand in others.
    static func place(of word: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        guard let first = word.first else { return nil }
        return bytes.withUnsafeBytes { whole in
            word.withUnsafeBytes { part in
                var start = 0
                while start + part.count <= whole.count {
                    guard let base = whole.baseAddress, let sought = part.baseAddress,
                        let found = memchr(base + start, Int32(first), whole.count - part.count - start + 1)
                    else { return nil }
                    if memcmp(found, sought, part.count) == 0 {
                        return bytes.startIndex + (found - UnsafeMutableRawPointer(mutating: base))
                    }
                    start = found - UnsafeMutableRawPointer(mutating: base) + 1
                }
                return nil
            }
        }
    }
}

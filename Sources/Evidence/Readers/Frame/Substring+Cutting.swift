import Glibc

/// Cutting lines by their bytes. Characters are not compared, as a combining mark after a separator would hide it, and
/// as finding their boundaries costs more than all else.
extension Substring {
    /// What follows a prefix; nil without the prefix.
    func after(_ prefix: String) -> Substring? {
        starts(with: prefix) ? Substring(utf8.dropFirst(prefix.utf8.count)) : nil
    }

    /// What stands before a suffix; nil without the suffix.
    func before(_ suffix: String) -> Substring? {
        ends(with: suffix) ? Substring(utf8.dropLast(suffix.utf8.count)) : nil
    }

    /// Whether the line begins with a text.
    func starts(with prefix: String) -> Bool {
        let length = prefix.utf8.count
        return utf8.count >= length
            && withBytes { line in prefix[...].withBytes { Self.areEqual(line.baseAddress, $0.baseAddress, length) } }
    }

    /// Whether the line ends with a text.
    func ends(with suffix: String) -> Bool {
        let length = suffix.utf8.count
        return utf8.count >= length
            && withBytes { line in
                suffix[...].withBytes {
                    Self.areEqual(line.baseAddress.map { $0 + line.count - length }, $0.baseAddress, length)
                }
            }
    }

    /// Whether the line holds a text.
    func holds(_ text: String) -> Bool { position(of: text) != nil }

    /// The parts before and after the first place of a separator; nil without one.
    func cut(_ separator: String) -> (before: Substring, after: Substring)? {
        position(of: separator).map { start in
            (self[..<start], self[utf8.index(start, offsetBy: separator.utf8.count)...])
        }
    }

    /// The parts before and after the last place of a separator; nil without one.
    func cutLast(_ separator: String) -> (before: Substring, after: Substring)? {
        guard var (before, after) = cut(separator) else { return nil }
        while let next = after.cut(separator) {
            before = self[..<next.before.endIndex]
            after = next.after
        }
        return (before, after)
    }

    /// The line without spaces and tabs around it.
    var trimmed: Substring {
        var bytes = utf8
        while let first = bytes.first, first == 0x20 || first == 0x09 { bytes.removeFirst() }
        while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
        return Substring(bytes)
    }

    /// Whether it says that a part of the output was left out, as `OutputTruncation` does.
    var isOmission: Bool { after("[")?.leadingNumber != nil && holds(" left out") }

    /// How many spaces and tabs it begins with.
    var indentation: Int { utf8.prefix { $0 == 0x20 || $0 == 0x09 }.count }

    /// The number that it begins with and what follows; nil without digits.
    var leadingNumber: (number: Int, rest: Substring)? {
        let digits = Substring(utf8.prefix { $0 >= 0x30 && $0 <= 0x39 })
        return Int(digits).map { ($0, self[digits.endIndex...]) }
    }

    /// The words between spaces.
    var words: [Substring] { utf8.split(separator: 0x20).map(Substring.init) }

    /// Its first bytes, without a torn character at the end.
    func limited(to byteLimit: Int) -> Substring {
        guard utf8.count > byteLimit else { return self }
        var end = utf8.index(utf8.startIndex, offsetBy: Swift.max(0, byteLimit))
        while end > utf8.startIndex, utf8[end] & 0xC0 == 0x80 { end = utf8.index(before: end) }
        return self[..<end]
    }

    /// The text without line ends and spaces at its end.
    var withoutBlankEnd: Substring {
        var bytes = utf8
        while let last = bytes.last, last == 0x20 || last == 0x09 || last == 0x0A { bytes.removeLast() }
        return Substring(bytes)
    }

    private func position(of text: String) -> Index? {
        let offset = withBytes { line in text[...].withBytes { Self.offset(of: $0, in: line) } }
        return offset.map { utf8.index(utf8.startIndex, offsetBy: $0) }
    }

    private static func offset(of text: UnsafeBufferPointer<UInt8>, in line: UnsafeBufferPointer<UInt8>) -> Int? {
        guard let first = text.first else { return 0 }
        guard let base = line.baseAddress, line.count >= text.count else { return nil }
        let last = base + (line.count - text.count)
        var next = base
        while next <= last, let found = memchr(next, Int32(first), last - next + 1) {
            let start = UnsafePointer(found.assumingMemoryBound(to: UInt8.self))
            if areEqual(start, text.baseAddress, text.count) { return start - base }
            next = start + 1
        }
        return nil
    }

    private static func areEqual(_ one: UnsafePointer<UInt8>?, _ other: UnsafePointer<UInt8>?, _ count: Int) -> Bool {
        guard count > 0 else { return true }
        guard let one, let other else { return false }
        return memcmp(one, other, count) == 0
    }

    /// Calls with the bytes; those of a string of another kind are copied.
    private func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        utf8.withContiguousStorageIfAvailable(body) ?? Array(utf8).withUnsafeBufferPointer(body)
    }
}

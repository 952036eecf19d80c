/// The names of files as unified diffs write them.
enum DiffName {
    /// Whether the name stands for no file.
    static func isNothing(_ name: LineBytes) -> Bool { name.elementsEqual("/dev/null".utf8) }

    /// A name up to the tab behind which a time may stand.
    static func untilTab(_ text: LineBytes) -> LineBytes {
        if text.first == UInt8(ascii: "\""), let (name, _) = unquoted(text) { return name }
        return text.prefix { $0 != 0x09 }
    }

    /// A name that is all of a line.
    static func whole(_ text: LineBytes) -> LineBytes {
        unquoted(text)?.name ?? text
    }

    /// Reads a name in quotes, written as in C, and gives back what stands behind it.
    static func unquoted(_ text: LineBytes) -> (name: LineBytes, rest: LineBytes)? {
        guard text.first == UInt8(ascii: "\"") else { return nil }
        var name: [UInt8] = []
        var rest = text.dropFirst()
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\"") { return (name[...], rest) }
            guard byte == UInt8(ascii: "\\") else {
                name.append(byte)
                continue
            }
            guard let escaped = rest.popFirst() else { return nil }
            if let plain = escapes[escaped] {
                name.append(plain)
            } else {
                let digits = [escaped] + rest.prefix(2)
                guard digits.count == 3, let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8) else {
                    return nil
                }
                name.append(value)
                rest = rest.dropFirst(2)
            }
        }
        return nil
    }

    private static let escapes: [UInt8: UInt8] = [
        UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "t"): 9, UInt8(ascii: "n"): 10, UInt8(ascii: "v"): 11,
        UInt8(ascii: "f"): 12, UInt8(ascii: "r"): 13, UInt8(ascii: "\""): 0x22, UInt8(ascii: "\\"): 0x5C,
    ]

    /// The pairs that git puts in front of names, by what it compares; a name under `git diff --no-prefix` has none.
    private static let prefixes = ["ab", "ba", "iw", "wi", "ci", "ic", "cw", "wc", "ow", "wo", "12", "21"]

    /// Takes the prefixes off two names; names of plain diffs that differ in their first folder lose that.
    static func withoutPrefixes(_ old: LineBytes, _ new: LineBytes) -> (old: LineBytes, new: LineBytes) {
        func prefix(_ name: LineBytes) -> UInt8? {
            name.dropFirst().first == UInt8(ascii: "/") ? name.first : nil
        }
        let (one, other) = (isNothing(old), isNothing(new))
        let hasPrefixes = prefixes.contains { pair in
            let letters = Array(pair.utf8)
            return (one || prefix(old) == letters[0]) && (other || prefix(new) == letters[1])
        }
        if hasPrefixes, !(one && other) { return (one ? old : old.dropFirst(2), other ? new : new.dropFirst(2)) }
        if one || other || old.elementsEqual(new) { return (old, new) }
        func withoutFolder(_ name: LineBytes) -> LineBytes {
            name.firstIndex(of: UInt8(ascii: "/")).map { name[($0 + 1)...] } ?? name
        }
        let (inner, outer) = (withoutFolder(old), withoutFolder(new))
        if inner.count < old.count, inner.elementsEqual(outer) { return (inner, outer) }
        return (old, new)
    }
}

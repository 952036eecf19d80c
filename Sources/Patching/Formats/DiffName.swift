import Text

/// The names of files as unified diffs write them.
enum DiffName {
    /// Whether the name stands for no file.
    static func isNothing(_ name: LineBytes) -> Bool { name.elementsEqual("/dev/null".utf8) }

    /// A name up to the tab behind which a time may stand.
    static func untilTab(_ text: LineBytes) -> LineBytes {
        if text.first == UInt8(ascii: "\""), let (name, _) = BytePath.unquoted(text) { return name }
        return text.prefix { $0 != 0x09 }
    }

    /// A name that is all of a line.
    static func whole(_ text: LineBytes) -> LineBytes {
        BytePath.unquoted(text)?.name ?? text
    }

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

/// Names that git refuses in an index and at a checkout (`verify_path` and `fsck` of git).
///
/// Both git's own rules and those for other file systems count, whatever `core.protectNTFS` and `core.protectHFS` say:
/// servers that check what is pushed to them know no settings.
enum ReservedName {
    /// Whether some file system treats this name as `.git`: other case, the 8.3 name, trailing dots and spaces, an NTFS
    /// stream, characters that HFS+ ignores, or one of these behind a backslash.
    static func meansGitFolder(_ name: some Collection<UInt8>) -> Bool {
        parts(of: name).contains { part in
            let plain = stem(part)
            return plain.elementsEqual(".git".utf8) || plain.elementsEqual("git~1".utf8)
        }
    }

    /// Whether some file system treats this name as `.gitmodules`, which must not be a symbolic link.
    static func meansModules(_ name: some Collection<UInt8>) -> Bool {
        parts(of: name).contains { part in
            let plain = Array(stem(part))
            return plain.elementsEqual(".gitmodules".utf8) || isShortNameOfModules(plain)
        }
    }

    /// The parts between backslashes, which separate folders on Windows, in lower case and without what HFS+ ignores.
    private static func parts(of name: some Collection<UInt8>) -> [[UInt8]] {
        var text = String(decoding: name, as: UTF8.self).unicodeScalars
        if !name.allSatisfy({ $0 < 0x80 }) {
            text.removeAll { scalar in ignorable.contains { $0.contains(scalar.value) } }
        }
        return String(text).lowercased().utf8.split(separator: UInt8(ascii: "\\")).map(Array.init)
    }

    private static let ignorable: [ClosedRange<UInt32>] = [
        0x200C...0x200F, 0x202A...0x202E, 0x206A...0x206F, 0xFEFF...0xFEFF,
    ]

    /// The part that NTFS keeps: up to a colon, without dots and spaces at the end.
    private static func stem(_ name: [UInt8]) -> ArraySlice<UInt8> {
        let stem = name.prefix { $0 != UInt8(ascii: ":") }
        guard let end = stem.lastIndex(where: { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: " ") }) else {
            return []
        }
        return stem[...end]
    }

    /// Whether this is an 8.3 name of `.gitmodules`: `gitmod~1` to `gitmod~4`, or `gi7eba~1` and shorter beginnings with
    /// larger numbers (is_ntfs_dotgitmodules in git).
    private static func isShortNameOfModules(_ name: [UInt8]) -> Bool {
        guard name.count == 8, let tilde = name.firstIndex(of: UInt8(ascii: "~")) else { return false }
        let (start, digits) = (name[..<tilde], name[(tilde + 1)...])
        guard let first = digits.first, first != UInt8(ascii: "0"),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return false }
        if start.elementsEqual("gitmod".utf8) { return first <= UInt8(ascii: "4") }
        return Array("gi7eba".utf8).starts(with: start)
    }
}

/// Reads configuration files of git's that are written as git itself writes them, without libgit2.
///
/// Loading libgit2 takes longer than everything else that `graft sandbox` does before its command runs.
enum PlainSettings {
    /// The settings in their order; nil for a file with anything that needs more than this to be read (git-config(1),
    /// "Syntax"): inclusions, quotation marks, escapes, lines that go on, comments behind values.
    static func read(_ bytes: [UInt8]) -> [GitSetting]? {
        var found: [GitSetting] = []
        var section: (name: String, sub: String?)?
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            guard line.allSatisfy({ $0 >= 0x20 && $0 < 0x7F || $0 == UInt8(ascii: "\t") }) else { return nil }
            let text = trimmed(line)
            guard let first = text.first, first != UInt8(ascii: "#"), first != UInt8(ascii: ";") else { continue }
            if first == UInt8(ascii: "[") {
                guard let next = header(text.dropFirst()), !["include", "includeif"].contains(next.name) else {
                    return nil
                }
                section = next
            } else {
                guard let section, let setting = setting(text, in: section) else { return nil }
                found.append(setting)
            }
        }
        return found
    }

    /// Reads `section]` or `section "subsection"]`.
    private static func header(_ text: ArraySlice<UInt8>) -> (name: String, sub: String?)? {
        let name = text.prefix(while: isName)
        var rest = text[name.endIndex...]
        guard !name.isEmpty, rest.last == UInt8(ascii: "]") else { return nil }
        rest = rest.dropLast()
        let lower = string(name).lowercased()
        if rest.isEmpty { return (lower, nil) }
        guard rest.count >= 3, rest.starts(with: " \"".utf8), rest.last == UInt8(ascii: "\"") else { return nil }
        let sub = rest.dropFirst(2).dropLast()
        guard !sub.isEmpty, !sub.contains(where: { "\"\\\t".utf8.contains($0) }) else { return nil }
        return (lower, string(sub))
    }

    /// Reads `key = value` or `key`.
    private static func setting(_ text: ArraySlice<UInt8>, in section: (name: String, sub: String?)) -> GitSetting? {
        let key = text.prefix(while: isName)
        guard let first = key.first, isLetter(first) else { return nil }
        let rest = trimmed(text[key.endIndex...])
        var value: String?
        if !rest.isEmpty {
            guard rest.first == UInt8(ascii: "=") else { return nil }
            let plain = trimmed(rest.dropFirst())
            guard !plain.isEmpty, !plain.contains(where: { "\"\\#;\t".utf8.contains($0) }) else { return nil }
            let text = string(plain)
            guard !text.contains("  ") else { return nil }
            value = text
        }
        return GitSetting(section: section.name, subsection: section.sub, key: string(key).lowercased(), value: value)
    }

    private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let start = text.firstIndex { !isBlank($0) } ?? text.endIndex
        let end = text.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? start
        return text[start..<end]
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func isName(_ byte: UInt8) -> Bool {
        isLetter(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
    }

    private static func string(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}

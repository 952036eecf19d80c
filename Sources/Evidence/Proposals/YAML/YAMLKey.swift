/// The key at the beginning of a line of YAML, and what stands behind its colon.
struct YAMLKey {
    let name: String
    let rest: Substring

    /// Nil where the line is none of a map.
    init?(_ text: Substring) {
        guard let first = text.first, !"[{#&*!|>%@`".contains(first) else { return nil }
        if first == "\"" || first == "'" {
            guard let end = YAMLFlow.endOfQuoted(text) else { return nil }
            let behind = text[end...].drop { $0 == " " }
            guard behind.first == ":", Self.isEnd(behind.dropFirst()) else { return nil }
            name = YAMLFlow.unquoted(text[..<end])
            rest = behind.dropFirst()
            return
        }
        var index = text.startIndex
        var last: Character = "a"
        while index < text.endIndex {
            let character = text[index]
            if character == "#", last == " " { return nil }
            let next = text.index(after: index)
            if character == ":", Self.isEnd(text[next...]) {
                var key = text[..<index]
                while key.last == " " { key.removeLast() }
                guard !key.isEmpty else { return nil }
                name = String(key)
                rest = text[next...]
                return
            }
            last = character
            index = next
        }
        return nil
    }

    private static func isEnd(_ text: Substring) -> Bool { text.first.map { $0 == " " || $0 == "\t" } ?? true }
}

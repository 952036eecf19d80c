import OS
import Text

/// The words of a prompt that are paths of picture files which are there.
///
/// A terminal pastes the path of a file that is dropped on it in quotes, with backslashes before what a shell would
/// read otherwise, or as a `file:` URL.
struct PastedPaths {
    /// The paths, in order and once each.
    private(set) var paths: [String] = []

    private static let endings = [".png", ".jpg", ".jpeg", ".gif", ".webp"]
    private static let quotes: Set<Character> = ["'", "\"", "`"]
    /// What may stand around a path in a sentence.
    private static let before: Set<Character> = ["(", "[", "<", "@"]
    private static let behind: Set<Character> = [",", ";", ":", "!", "?", ".", ")", "]", ">"]
    /// So many words are looked up at most.
    private static let most = 100

    /// Looks each word up that has the ending of a picture's name.
    ///
    /// - Parameter home: What `~` stands for.
    init(_ prompt: String, home: String?) {
        // Most prompts have no such word, and cost one look at their letters.
        guard prompt.utf8.contains(UInt8(ascii: ".")) else { return }
        var count = 0
        for word in Self.words(prompt) {
            let lower = word.lowercased()
            guard count < Self.most, Self.endings.contains(where: lower.hasSuffix) else { continue }
            count += 1
            let path = Self.path(word, home: home)
            if FilePath.kind(path) == .other, !paths.contains(path) { paths.append(path) }
        }
    }

    private static func path(_ word: String, home: String?) -> String {
        guard word.hasPrefix("file://") else { return home.map { FilePath.absolute(word, home: $0) } ?? word }
        let rest = word.dropFirst("file://".count).drop { $0 != "/" }
        var bytes: [UInt8] = []
        var text = Array(rest.utf8)[...]
        while let byte = text.popFirst() {
            if byte == UInt8(ascii: "%"), text.count >= 2,
                let value = UInt8(String(decoding: text.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                text = text.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The words between spaces; a quoted one may hold spaces, and so may one with backslashes.
    static func words(_ text: String) -> [String] {
        var words: [String] = []
        var rest = text[...]
        while let first = rest.first {
            if first.isWhitespace || before.contains(first) {
                rest.removeFirst()
            } else if quotes.contains(first), let end = rest.dropFirst().firstIndex(of: first),
                isEnd(rest[rest.index(after: end)...])
            {
                words.append(String(rest[rest.index(after: rest.startIndex)..<end]))
                rest = rest[rest.index(after: end)...]
            } else {
                words.append(word(&rest))
            }
        }
        return words
    }

    private static func isEnd(_ rest: Substring) -> Bool {
        rest.first.map { $0.isWhitespace || behind.contains($0) } ?? true
    }

    private static func word(_ rest: inout Substring) -> String {
        var word = ""
        while let next = rest.first, !next.isWhitespace {
            rest.removeFirst()
            if next == "\\", let escaped = rest.first {
                rest.removeFirst()
                word.append(escaped)
            } else {
                word.append(next)
            }
        }
        while let last = word.last, behind.contains(last) { word.removeLast() }
        return word
    }
}

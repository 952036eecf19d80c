extension ShellLine {
    /// Programs whose operands are files, and those whose first operand is something else: a script, a pattern.
    private static let readers: Set<String> = [
        "cat", "head", "tail", "less", "more", "nl", "wc", "od", "xxd", "hexdump", "strings", "tac", "bat", "file",
    ]
    private static let searchers: Set<String> = ["sed", "awk", "grep", "egrep", "fgrep", "rg", "ag", "jq"]

    /// The files that the line reads by name, as far as its words tell; a hint, since no file is looked at.
    ///
    /// A word counts if it looks like a path: it has a dot or a slash, no other sign than paths usually have, and a
    /// letter.
    public var readFiles: [String] {
        var paths: [String] = []
        for command in commands {
            let words = command.words.lazy.filter { !$0.isRedirection }.compactMap(\.word.literal)
            guard let program = words.first?.split(separator: "/").last.map(String.init) else { continue }
            let isSearcher = Self.searchers.contains(program)
            guard isSearcher || Self.readers.contains(program) else { continue }
            let operands = words.dropFirst().filter { !$0.hasPrefix("-") }
            for word in operands.dropFirst(isSearcher ? 1 : 0) where Self.looksLikePath(word) && !paths.contains(word) {
                paths.append(word)
            }
        }
        return paths
    }

    private static func looksLikePath(_ word: String) -> Bool {
        var (hasSign, hasLetter) = (false, false)
        for scalar in word.unicodeScalars {
            switch scalar {
            case ".", "/": hasSign = true
            case "_", "-", "+", "@", "~", ",", "=", "0"..."9": break
            default:
                guard scalar.properties.isAlphabetic else { return false }
                hasLetter = true
            }
        }
        return hasSign && hasLetter && word.utf8.count <= 200 && word.first != "~"
    }
}

import Text

/// What was most likely meant by words that stand where none belong: a command without `--`, a prompt without quotes.
struct MeantLine {
    /// What is wrong, and the line that was meant.
    let explanation: String

    /// Compares the arguments with what the argument parser says of those that it does not expect; nil if they are
    /// nothing of that kind.
    ///
    /// - Parameter message: The parser's sentence, which ends with the words in quotes.
    init?(_ arguments: [String], refused message: String) {
        guard let name = arguments.first else { return nil }
        let own = Array(arguments.dropFirst().prefix { $0 != "--" })
        let command = arguments.dropFirst(own.count + 2)
        switch name {
        case "fix", "sandbox":
            guard let stray = Self.stray(own, message) ?? Self.wholeLine(own, message) else { return nil }
            let options = own.indices.filter { !stray.contains($0) }.map { own[$0].quotedForShell }
            let words = (stray.map { own[$0] } + command).map(\.quotedForShell)
            let line = ["graft", name] + options + ["--"] + words
            explanation = "the command goes behind --; did you mean: " + line.joined(separator: " ")
        case "run", "ask":
            // The word before the first stray one was taken for the prompt.
            guard let stray = Self.stray(own, message), let first = stray.first, first > 0,
                !own[first - 1].hasPrefix("-")
            else { return nil }
            let words = [first - 1] + stray
            let options = own.indices.filter { !words.contains($0) }.map { own[$0].quotedForShell }
            let prompt = words.map { own[$0] }.joined(separator: " ").quotedForShell
            let line = ["graft", name] + options + [prompt]
            explanation = "the prompt is one argument, in quotes; did you mean: " + line.joined(separator: " ")
        default: return nil
        }
    }

    /// The positions of the words that the parser lists as unexpected.
    private static func stray(_ words: [String], _ message: String) -> [Int]? {
        guard message.lowercased().contains("unexpected argument"), let quote = message.firstIndex(of: "'") else {
            return nil
        }
        var listed = message[quote...]
        var found: [Int] = []
        for (index, word) in words.enumerated() where listed.hasPrefix("'\(word)'") {
            found.append(index)
            listed = listed.dropFirst(word.count + 2)
            if listed.hasPrefix(", ") { listed = listed.dropFirst(2) }
        }
        return listed.isEmpty && !found.isEmpty ? found : nil
    }

    /// All positions, if the command's name is followed by a word and the options behind that are not Graft's.
    private static func wholeLine(_ words: [String], _ message: String) -> [Int]? {
        let isStray = message.lowercased().hasPrefix("unknown option") && words.first?.hasPrefix("-") == false
        return isStray ? Array(words.indices) : nil
    }
}

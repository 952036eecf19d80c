extension ShellLine {
    /// The words of a line that holds nothing but words; nil if a shell could do anything else with it.
    ///
    /// This is for permission, and trusts no lexer: what is not on the list of characters is refused, quotes too.
    public var plainWords: [Substring]? {
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII
                && (scalar.properties.isAlphabetic || "0123456789 -_./:@,+%=".unicodeScalars.contains(scalar))
        }
        return isPlain ? text.split(separator: " ") : nil
    }

    /// Whether the line may run a command that begins with some words, wherever that stands: behind `env`, `sudo` or
    /// `sh -c`, too.
    ///
    /// This is for refusal, so that it takes the line in every way that a shell might. Words are read with what braces
    /// make of them (`{curl,x}`), as patterns of file names (`/bin/cur?`), and with what only a shell can tell taken for
    /// nothing (`c$(true)url`), for a space (`curl${IFS}x`), for the words within (`${x:-curl}`), or, where the line sets
    /// the variable, for anything. A word that is a line itself is read as one (`eval 'cu""rl x'`). At last the line is cut
    /// at every character that could begin a command, in quotes and here-documents as well (`sh -c 'cd x; curl'`).
    /// It says yes too often rather than not often enough.
    public func mayRun(_ words: [Substring]) -> Bool {
        mayRun(words, depth: 0)
    }

    private func mayRun(_ words: [Substring], depth: Int) -> Bool {
        if cutParts.contains(where: { Self.runs($0.map(ShellPattern.init(literal:)), words) }) { return true }
        if depth < Self.deepestLine, substituted.contains(where: { ShellLine($0).mayRun(words, depth: depth + 1) }) {
            return true
        }
        let unfolded = ["", " "].compactMap { UnfoldedShellText(text, separator: $0).changed }.map { ShellLine($0) }
        if unfolded.contains(where: { $0.cutParts.contains { Self.runs($0.map(ShellPattern.init(literal:)), words) } })
        {
            return true
        }
        return ([self] + unfolded).contains { $0.runsAsRead(words, depth: depth) }
    }

    private func runsAsRead(_ words: [Substring], depth: Int) -> Bool {
        let set = namesThatAreSet
        for command in commands {
            let expanded = command.words.flatMap { $0.word.expandedBraces }
            let joined = expanded.map { ShellPattern($0, set: set) }
            if Self.runs(joined, words) { return true }
            let hasGaps = expanded.contains { $0.hasGaps }
            if hasGaps, Self.runs(expanded.flatMap(\.splitAtGaps).map { ShellPattern($0, set: set) }, words) {
                return true
            }
            guard depth < Self.deepestLine else { continue }
            for word in expanded.dropFirst() {
                let inner = word.withoutUnknown
                let isLine = inner.unicodeScalars.contains {
                    $0.properties.isWhitespace || "'\"\\$`{".unicodeScalars.contains($0)
                }
                if isLine, inner != text, ShellLine(inner).mayRun(words, depth: depth + 1) { return true }
            }
        }
        return false
    }

    /// Lines within words within lines are read so deep.
    private static let deepestLine = 3

    /// The variables that the line may set: those before a `=`, and whatever stands alone as a word, as behind `read`.
    private var namesThatAreSet: Set<String> {
        var names: Set<String> = []
        for command in commands {
            for (word, _) in command.words {
                guard case .text(let start, _)? = word.pieces.first else { continue }
                let name = start.prefix { $0 != "=" && $0 != "+" }
                if ShellWord.isName(name) { names.insert(String(name)) }
            }
        }
        return names
    }

    private var cutParts: [[String]] {
        let cuts = ";&|()<>{}`$".unicodeScalars
        let parts = text.unicodeScalars.split { cuts.contains($0) || Character($0).isNewline }
        return parts.map { part in
            part.split { $0.properties.isWhitespace || "'\"\\".unicodeScalars.contains($0) }.map { String($0) }
        }
    }

    private static func runs(_ line: [ShellPattern], _ words: [Substring]) -> Bool {
        guard let program = words.first, line.count >= words.count else { return false }
        return (0...(line.count - words.count)).contains { start in
            line[start].matches(program: program)
                && zip(line[(start + 1)...], words.dropFirst()).allSatisfy { $0.matches($1) }
        }
    }
}

extension ShellWord {
    /// The text that is known of the word.
    fileprivate var withoutUnknown: String {
        pieces.reduce(into: "") { text, piece in if case .text(let part, _) = piece { text += part } }
    }

    /// Whether something in it is only known to a shell.
    fileprivate var hasGaps: Bool {
        pieces.contains { if case .text = $0 { false } else { true } }
    }

    /// The parts between what only a shell can tell, which may be space.
    fileprivate var splitAtGaps: [ShellWord] {
        var words = [ShellWord()]
        for piece in pieces {
            if case .text = piece { words[words.count - 1].append(piece) } else { words.append(ShellWord()) }
        }
        return words.filter { !$0.pieces.isEmpty }
    }
}

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
    /// This is for refusal, so that it takes the line both ways: as a shell reads it, with what only a shell can tell
    /// taken for nothing (`c$(true)url`, `"curl"`), and cut at every character that could begin a command, in quotes
    /// and here-documents as well (`sh -c 'cd x; curl'`). It says yes too often rather than not often enough.
    public func mayRun(_ words: [Substring]) -> Bool {
        let read = commands.map { command in command.words.map { $0.word.withoutUnknown } }
        return (read + cutParts).contains { Self.runs($0, words) }
    }

    private var cutParts: [[String]] {
        let cuts = ";&|()<>{}`$".unicodeScalars
        let parts = text.unicodeScalars.split { cuts.contains($0) || Character($0).isNewline }
        return parts.map { part in
            part.split { $0.properties.isWhitespace || "'\"\\".unicodeScalars.contains($0) }.map { String($0) }
        }
    }

    private static func runs(_ line: [String], _ words: [Substring]) -> Bool {
        line.indices.contains { start in
            let rest = line[start...]
            guard rest.count >= words.count, let first = rest.first, let program = words.first else { return false }
            let isProgram = first == program || first.split(separator: "/").last == program
            return isProgram && zip(rest.dropFirst(), words.dropFirst()).allSatisfy { $0 == $1 }
        }
    }
}

extension ShellWord {
    /// The text that is known of the word.
    fileprivate var withoutUnknown: String {
        pieces.reduce(into: "") { text, piece in if case .text(let part, _) = piece { text += part } }
    }
}

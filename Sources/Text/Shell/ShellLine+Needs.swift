extension ShellLine {
    /// The words of each command as far as they can be told, assignments and redirections left out; a part that only a
    /// shell can tell is left out of its word.
    public var knownCommands: [[String]] {
        commands.map { command in
            command.words.filter { !$0.isRedirection }.map(\.word).drop(while: \.isAssignment).map { word in
                word.pieces.reduce(into: "") { text, piece in if case .text(let part, _) = piece { text += part } }
            }
        }
    }

    /// The variables whose values the line needs from outside: those that it uses and does not set before.
    public var neededVariables: [String] {
        var (set, needed) = (Set<String>(), [String]())
        func use(_ word: ShellWord) {
            for case .variable(let name) in word.pieces where !set.contains(name) && !needed.contains(name) {
                needed.append(name)
            }
        }
        for command in commands {
            var isBeforeProgram = true
            var assigned: [String] = []
            let program = command.programWords.first?.literal
            for (word, isRedirection) in command.words {
                use(word)
                guard word.isAssignment, !isRedirection, isBeforeProgram || program == "export",
                    case .text(let start, _)? = word.pieces.first
                else {
                    if !isRedirection, word.bare != "export" { isBeforeProgram = false }
                    continue
                }
                assigned.append(String(start.prefix { $0 != "=" }))
            }
            // What stands before a program is set for that alone.
            if program == nil || program == "export" { set.formUnion(assigned) }
        }
        return needed
    }

    /// Whether it is more than a row of commands: conditions, loops, functions, text for a command.
    public var isCompound: Bool {
        let words: Set<String> = [
            "if", "then", "elif", "else", "fi", "for", "while", "until", "do", "done", "case", "esac", "function", "{",
            "}",
            "select", "[[",
        ]
        return commands.contains { command in
            command.hasHereDocument || command.program?.bare.map { words.contains($0) } ?? false
        }
    }

    /// Whether it passes whatever comes before its end, as behind `|| true`.
    public var ignoresFailure: Bool {
        guard let last = commands.last, last.joint == .or || last.joint == .end, commands.count > 1 else {
            return false
        }
        return [["true"], [":"], ["exit", "0"]].contains(last.words.map { $0.word.literal ?? "" })
    }
}

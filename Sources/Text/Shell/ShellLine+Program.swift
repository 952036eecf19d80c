extension ShellLine {
    /// The name of the program that the line starts, behind a change of folder, assignments, `env` and `sudo`; nil if
    /// it cannot be told, or is not made of letters, digits and `._+-` of ASCII.
    public var programName: String? {
        let isMove = commands.count > 1 && commands[0].program?.bare == "cd"
        return commands.dropFirst(isMove ? 1 : 0).first?.name
    }

    /// The name of the first program that does more than read; that of the line if there is none.
    public var workingProgramName: String? {
        commands.lazy.filter { $0.effect == .work }.compactMap(\.name).first ?? programName
    }
}

extension ShellLine.Command {
    /// The program and its arguments, behind reserved words, assignments, `env` and `sudo`.
    var programWords: ArraySlice<ShellWord> {
        let words = words.filter { !$0.isRedirection }.map(\.word)
        return words.drop { word in
            word.isAssignment || word.bare.map { Self.prefixes.contains($0) } ?? false
        }
    }

    /// The name of the program without its folder, if it is made of letters, digits and `._+-` of ASCII.
    var name: String? {
        guard let name = programWords.first?.literal?.split(separator: "/").last else { return nil }
        let isName = name.utf8.allSatisfy { byte in
            ShellWord.isNamePart(Unicode.Scalar(byte)) || ".+-".utf8.contains(byte)
        }
        return isName ? String(name) : nil
    }

    private static let prefixes: Set<String> = [
        "env", "sudo", "!", "{", "if", "then", "elif", "else", "while", "until", "do",
    ]
}

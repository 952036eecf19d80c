extension ShellLine {
    /// The name of the program that the line starts, behind a change of folder, assignments, `env` and `sudo`; nil if
    /// it cannot be told, or is not made of letters, digits and `._+-` of ASCII.
    public var programName: String? {
        let isMove = commands.count > 1 && commands[0].program?.bare == "cd"
        guard let command = commands.dropFirst(isMove ? 1 : 0).first else { return nil }
        let words = command.words.lazy.filter { !$0.isRedirection }.map(\.word)
        let program = words.drop { $0.isAssignment || $0.bare == "env" || $0.bare == "sudo" }.first
        guard let name = program?.literal?.split(separator: "/").last else { return nil }
        let isName = name.utf8.allSatisfy { byte in
            ShellWord.isNamePart(Unicode.Scalar(byte)) || ".+-".utf8.contains(byte)
        }
        return isName ? String(name) : nil
    }
}

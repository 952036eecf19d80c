/// The words of a shell command that can be told without running it.
public struct ShellWords: Sendable {
    /// One word, unquoted, with the variables and the home folder that are known put in.
    public struct Word: Sendable, Hashable {
        /// The word.
        public let text: String
        /// The word that names the program it belongs to, itself for a program; empty before the program.
        public let program: String
        /// Whether it names the program.
        public let isProgram: Bool
    }

    /// The words in their order, with the files of redirections among them.
    public private(set) var words: [Word] = []
    /// Whether more is run than the words tell: the command goes to another folder, evaluates text, puts in the output
    /// of another one, or hands text of its own to one.
    public private(set) var isOpaque = false

    private static let reserved: Set<String> = ["!", "{", "}", "if", "then", "else", "elif", "do", "while", "until"]

    /// Reads a command.
    ///
    /// - Parameter variables: The environment that it would get; what is not in it is empty.
    public init(_ command: String, variables: [String: String]) {
        for command in ShellLine(command).commands {
            if command.hasHereDocument { isOpaque = true }
            var program: String?
            for (word, isRedirection) in command.words {
                guard let text = word.text(with: variables) else {
                    isOpaque = true
                    continue
                }
                if program != nil || isRedirection {
                    words.append(Word(text: text, program: program ?? "", isProgram: false))
                } else if !word.isAssignment, !Self.reserved.contains(word.bare ?? "") {
                    if ["cd", "eval", "pushd"].contains(text) { isOpaque = true }
                    program = text
                    words.append(Word(text: text, program: text, isProgram: true))
                }
            }
        }
    }
}

extension ShellWord {
    /// The word with the values of variables in it; nil if only a shell can tell it.
    fileprivate func text(with variables: [String: String]) -> String? {
        var text = ""
        for (index, piece) in pieces.enumerated() {
            switch piece {
            case .unknown: return nil
            case .variable(let name): text += variables[name] ?? ""
            case .text(let part, let isQuoted):
                let isHome = index == 0 && !isQuoted && (part.hasPrefix("~/") || (part == "~" && pieces.count == 1))
                if isHome, let home = variables["HOME"] { text += home + part.dropFirst() } else { text += part }
            }
        }
        return text
    }
}

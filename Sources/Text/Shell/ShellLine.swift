/// A shell line, or several of them, read without running anything; each question about it is a view of its own.
public struct ShellLine: Sendable {
    let text: String
    let commands: [Command]
    /// What is substituted in it, each a line itself.
    let substituted: [String]
    /// What stands behind the last command.
    let lastJoint: ShellJoint

    /// One command of it.
    struct Command: Sendable {
        /// How it follows on the one before.
        let joint: ShellJoint
        /// Words and redirections in their order, each with whether it is a redirection.
        var words: [(word: ShellWord, isRedirection: Bool)] = []
        /// Whether it reads a here-document.
        var hasHereDocument = false
        /// Whether it begins a group in parentheses.
        var opensGroup = false

        /// The first word that is no redirection.
        var program: ShellWord? { words.first { !$0.isRedirection }?.word }
    }

    /// Reads a text; what is not closed in it ends with it.
    public init(_ text: String) {
        self.text = text
        var commands: [Command] = []
        var joint = ShellJoint.end
        var current: Command?
        func finish(with next: ShellJoint) {
            guard let command = current else { return }
            commands.append(command)
            (current, joint) = (nil, next)
        }
        let lexer = ShellLexer(text)
        substituted = lexer.substituted
        for token in lexer.tokens {
            switch token {
            case .word(let word):
                current = current ?? Command(joint: joint)
                current?.words.append((word, false))
            case .redirection(let word, let isHere):
                current = current ?? Command(joint: joint)
                current?.words.append((word, true))
                if isHere { current?.hasHereDocument = true }
            case .open:
                finish(with: .end)
                current = Command(joint: joint, opensGroup: true)
            case .close: finish(with: .end)
            case .joint(let next):
                // A line end behind an operator, or behind nothing, joins nothing.
                if current == nil, commands.isEmpty || next != .end { joint = next }
                finish(with: next)
            }
        }
        finish(with: .end)
        self.commands = commands
        lastJoint = joint
    }

    /// The words of all its commands that no shell is needed to tell, without their quotes; redirections are none.
    public var words: [String] {
        commands.flatMap { $0.words.lazy.filter { !$0.isRedirection }.compactMap(\.word.literal) }
    }
}

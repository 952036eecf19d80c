public import Responses

/// What goes on right now: shown, not kept, and no event of `--json`.
public enum Progress: Sendable, Equatable {
    /// What a response brings next.
    public enum Draft: Sendable, Equatable {
        /// Thoughts that are not shown.
        case reasoning
        /// Words for a person.
        case message
        /// A patch, and the file it changes once that is known.
        case patch(path: String?)
        /// Shell lines.
        case command
        /// A call of another tool, by its name.
        case call(String)
        /// What a tool of the server does: the names of an MCP server and its tool, and how far it is.
        case hosted(HostedType, subject: String?, status: String)
    }

    /// The model writes something that is used once it is whole.
    case drafting(Draft)
    /// A patch that is being written has so many more added lines.
    case added(lines: Int)
    /// The end of what a command has printed meanwhile; nil for the command that decides.
    case output(item: String?, [UInt8])
    /// The command that decides is run before anything is done.
    case runningBaseline
    /// The model orders its steps.
    case ordering
    /// The history is made shorter.
    case compacting
    /// The command that decides is run on a clean checkout of a commit; what is particular about that run, as a clause.
    case verifying(commit: String, how: String? = nil)

    /// The most bytes of output that are kept to be shown.
    public static let outputLimit = 4096

    /// A command's output, of which the end is enough.
    public static func output(of item: String?, _ bytes: [UInt8]) -> Progress {
        .output(item: item, Array(bytes.suffix(outputLimit)))
    }

    /// This and what follows it as one; nil if they are about different things.
    func joined(with next: Progress) -> Progress? {
        switch (self, next) {
        case (.added(let lines), .added(let more)): .added(lines: lines + more)
        case (.output(let item, let bytes), .output(let other, let more)) where item == other:
            .output(of: item, more.count < Self.outputLimit ? bytes + more : more)
        default: nil
        }
    }
}

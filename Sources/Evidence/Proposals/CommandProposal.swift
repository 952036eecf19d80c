/// A command that may be what a repository is tested with, for a person to take or leave; it is never run unasked.
///
/// The line is text of somebody else's: it is shown with its marks, and run in the sandbox only.
public struct CommandProposal: Sendable, Hashable {
    /// The shell line.
    public var line: String
    /// Where it comes from, as a clause: `Makefile has a target test`.
    public var reason: String

    /// Makes a proposal.
    public init(_ line: String, reason: String) {
        self.line = line
        self.reason = reason
    }
}

public import Agent
public import Repository

/// What was run around a commit.
public struct CommitEvidence: Sendable {
    /// A command and how it ended.
    public struct Run: Sendable {
        /// The shell line.
        public let command: String
        /// How it ended.
        public let report: CommandReport
        /// The response it was asked for in, from 1; 0 for what the harness ran itself.
        public let turn: Int
    }

    /// The steps of the run that made it, oldest first; empty if that is not known.
    public let steps: [CommitID]
    /// The last commands before its first step.
    public let before: [Run]
    /// The first commands after its last step.
    public let after: [Run]
    /// The session's command before anything was done.
    public let baseline: Run?
    /// The session's command at the end of the run, on a clean checkout of the last commit.
    public let verification: Run?
    /// The session's command on a clean checkout of exactly these files, if `verify` or the run has done it.
    public let own: CommitVerification?
}

public import Session

/// The place of a session that goes on, and what was found there.
public struct ReopenedWorkspace: Sendable {
    /// The place.
    public let workspace: Workspace
    /// The session's commits, with those that it has not recorded.
    public let history: StepHistory
    /// The commits that the session has not recorded: its process died when it had just made them.
    public let unrecorded: [UnrecordedStep]
    /// The branch for people.
    let branch: SessionBranch
    /// Whether the tree is the one that the process has left, with what is in no commit.
    public let isLeft: Bool

    /// A step that the repository has and the journal lacks.
    public struct UnrecordedStep: Sendable {
        /// What the journal would say.
        public let report: CommitReport
        /// Whether patches made it, and not commands.
        public let isOfPatches: Bool
    }
}

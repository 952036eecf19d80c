public import Repository
public import Session
import Text

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

        /// Makes a run of a command.
        public init(command: String, report: CommandReport, turn: Int = 0) {
            self.command = command
            self.report = report
            self.turn = turn
        }

        /// Whether the exit status is only that of the line's last part, as in `make test | tail`; neither good nor
        /// bad follows from it.
        public var hidesStatus: Bool { ShellLine(command).hidesStatus }

        /// How it ended, for a person.
        public var ending: String {
            report.ending + (hidesStatus ? " of the last part only" : "")
        }
    }

    /// The steps of the run that made it, oldest first; empty if that is not known.
    public let steps: [CommitID]
    /// What was reached on the way to it and by it.
    public let milestones: [ReachedMilestone]
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

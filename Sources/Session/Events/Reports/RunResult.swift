public import Responses

/// What a run has come to: the last event, the result file and the exit code say the same.
public struct RunResult: Sendable {
    /// The verdict, which decides the exit code.
    public var verdict: Verdict
    /// One sentence for a person: what happened, and what to do next if it went wrong.
    public var message: String
    /// The model's closing words.
    public var summary: String?
    /// The branch that holds the commits.
    public var branch: String?
    /// The commit that the branch points at.
    public var commit: String?
    /// The commit that the session started from.
    public var base: String?
    /// The commits made, oldest first.
    public var commits: [CommitReport] = []
    /// The first run of the command.
    public var baseline: CommandReport?
    /// The last run of the command on a clean checkout, and the commit it ran on.
    public var verification: Verification?
    /// Tokens of all responses together.
    public var usage = Usage()
    /// How many responses the model gave.
    public var turns = 0
    /// From start to end.
    public var duration: Duration = .zero
    /// The session's folder, with the journal and all output.
    public var sessionFolder: String?

    /// A verdict with its sentence; the rest is filled in as it becomes known.
    public init(verdict: Verdict, message: String) {
        self.verdict = verdict
        self.message = message
    }
}

/// One run of the command on a clean checkout.
public struct Verification: Sendable {
    /// The commit that was checked out.
    public var commit: String
    /// How the command ended.
    public var report: CommandReport

    /// Pairs a commit with its outcome.
    public init(commit: String, report: CommandReport) {
        self.commit = commit
        self.report = report
    }
}

/// One commit of a session.
public struct CommitReport: Sendable {
    /// The commit's id.
    public var id: String
    /// The first line of its message.
    public var subject: String
    /// The files it changes.
    public var files: [FileSummary]

    /// Names the parts.
    public init(id: String, subject: String, files: [FileSummary]) {
        self.id = id
        self.subject = subject
        self.files = files
    }
}

import JSON
public import Responses
import Text

/// What a run has come to: the last event, the result file and the exit code say the same.
public struct RunResult: Sendable, Equatable {
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
    /// How often the command passed before anything was done, where it was repeated.
    public var confirmation: Repetitions?
    /// The last run of the command on a clean checkout, and the commit it ran on.
    public var verification: Verification?
    /// Tokens of all responses together.
    public var usage = Usage()
    /// What they cost, where prices are configured.
    public var cost: Cost?
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

extension RunResult {
    /// The name of the form in which a result is written, and of the schema that tells of it, `docs/result.schema.json`.
    private static let schema = "urn:graft:result:1"

    func write(into writer: inout JSONWriter) {
        writer.member("schema", Self.schema)
        writer.member("verdict", verdict.rawValue)
        writer.member("exit_code", Int(verdict.exitCode))
        writer.member("message", message)
        optional("summary", summary, into: &writer)
        optional("branch", branch, into: &writer)
        optional("commit", commit, into: &writer)
        optional("base", base, into: &writer)
        writer.member("commits", array: { for commit in commits { $0.object { commit.write(into: &$0) } } })
        writer.key("baseline")
        if let baseline { writer.object { baseline.write(into: &$0) } } else { writer.null() }
        if let confirmation { writer.member("confirmation", object: { confirmation.write(into: &$0) }) }
        writer.key("verification")
        if let verification { writer.object { verification.write(into: &$0) } } else { writer.null() }
        writer.member(
            "usage",
            object: {
                usage.write(into: &$0)
                $0.key("cached_share")
                if let share = usage.cachedShare { $0.double((share * 1000).rounded() / 1000) } else { $0.null() }
            })
        writer.key("cost")
        if let cost { writer.object { cost.write(into: &$0) } } else { writer.null() }
        writer.member("turns", turns)
        writer.member("duration_ms", duration.milliseconds)
        optional("session", sessionFolder, into: &writer)
    }

    private func optional(_ name: String, _ value: String?, into writer: inout JSONWriter) {
        writer.key(name)
        if let value { writer.string(value) } else { writer.null() }
    }

    init?(_ json: JSON) {
        guard let verdict = json["verdict"]?.string.flatMap(Verdict.init) else { return nil }
        self.init(verdict: verdict, message: json["message"]?.string ?? "")
        summary = json["summary"]?.string
        branch = json["branch"]?.string
        commit = json["commit"]?.string
        base = json["base"]?.string
        commits = json["commits"]?.elements.compactMap(CommitReport.init) ?? []
        baseline = json["baseline"].flatMap(CommandReport.init)
        confirmation = json["confirmation"].flatMap(Repetitions.init)
        verification = json["verification"].flatMap(Verification.init)
        usage = json["usage"].map(Usage.init(journal:)) ?? Usage()
        cost = json["cost"].flatMap(Cost.init(journal:))
        turns = json["turns"]?.int ?? 0
        duration = json["duration_ms"]?.milliseconds ?? .zero
        sessionFolder = json["session"]?.string
    }
}

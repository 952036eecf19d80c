import JSON
public import Repository
public import Session

/// One run of the session's command on a clean checkout of a commit.
public struct CommitVerification: Sendable {
    /// The commit.
    public let commit: CommitID
    /// Its files: a commit with the same files has the same outcome.
    public let tree: TreeID
    /// The command as a person would type it.
    public let command: String
    /// How it ended.
    public let report: CommandReport
    /// The failures that its output names.
    public let failures: [String]

    /// The failures with their places and messages, one a line, where they were read; otherwise their names.
    public var failureLines: [String] { report.tests?.failures.map(\.spelled) ?? failures }

    /// Whether it exited with zero.
    public var isPassing: Bool { report.isSuccess }
}

extension CommitVerification {
    func write(into writer: inout JSONWriter) {
        writer.member("commit", commit.hex)
        writer.member("tree", tree.hex)
        writer.member("command", command)
        report.write(into: &writer)
        writer.member("failures", array: { for failure in failures { $0.string(failure) } })
    }

    init?(_ json: JSON) {
        guard let commit = json["commit"]?.string.flatMap(CommitID.init),
            let tree = json["tree"]?.string.flatMap(TreeID.init), let report = CommandReport(json)
        else { return nil }
        self.init(
            commit: commit, tree: tree, command: json["command"]?.string ?? "", report: report,
            failures: json["failures"].map { $0.elements.compactMap(\.string) } ?? [])
    }
}

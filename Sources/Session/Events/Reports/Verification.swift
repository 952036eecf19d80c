import JSON

/// One run of the command on a clean checkout.
public struct Verification: Sendable, Equatable {
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

extension Verification {
    func write(into writer: inout JSONWriter) {
        writer.member("commit", commit)
        report.write(into: &writer)
    }

    init?(_ json: JSON) {
        guard let commit = json["commit"]?.string, let report = CommandReport(json) else { return nil }
        self.init(commit: commit, report: report)
    }
}

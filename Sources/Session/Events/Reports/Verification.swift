import JSON

/// One run of the command on a clean checkout.
public struct Verification: Sendable, Equatable {
    /// The commit that was checked out.
    public var commit: String
    /// How the command ended.
    public var report: CommandReport
    /// The protected paths that were as in the base commit while it ran, whatever the commit has there.
    public var restored: [String] = []
    /// What makes it less than a proof, and what a person should look at.
    public var doubts: [Doubt] = []
    /// How often the command passed and how often it was run, where it was repeated.
    public var repetitions: Repetitions?

    /// Pairs a commit with its outcome.
    public init(commit: String, report: CommandReport) {
        self.commit = commit
        self.report = report
    }

    /// Whether the command passed and nothing keeps that from being a proof.
    public var isProof: Bool { report.isSuccess && restored.isEmpty && !doubts.contains(where: \.isDecisive) }
}

/// How often a command passed on the same files.
public struct Repetitions: Sendable, Equatable {
    /// How often it passed.
    public var passed: Int
    /// How often it was run.
    public var total: Int

    /// Names the parts.
    public init(passed: Int, total: Int) {
        self.passed = passed
        self.total = total
    }

    /// Whether it passed and failed.
    public var isMixed: Bool { passed > 0 && passed < total }
}

extension Repetitions {
    func write(into writer: inout JSONWriter) {
        writer.member("passed", passed)
        writer.member("total", total)
    }

    init?(_ json: JSON) {
        guard let passed = json["passed"]?.int, let total = json["total"]?.int else { return nil }
        self.init(passed: passed, total: total)
    }
}

extension Verification {
    func write(into writer: inout JSONWriter) {
        writer.member("commit", commit)
        report.write(into: &writer)
        if !restored.isEmpty { writer.member("restored", array: { for path in restored { $0.string(path) } }) }
        if !doubts.isEmpty {
            writer.member("doubts", array: { for doubt in doubts { $0.object { doubt.write(into: &$0) } } })
        }
        if let repetitions { writer.member("repetitions", object: { repetitions.write(into: &$0) }) }
    }

    init?(_ json: JSON) {
        guard let commit = json["commit"]?.string, let report = CommandReport(json) else { return nil }
        self.init(commit: commit, report: report)
        restored = json["restored"]?.elements.compactMap(\.string) ?? []
        doubts = json["doubts"]?.elements.compactMap(Doubt.init) ?? []
        repetitions = json["repetitions"].flatMap(Repetitions.init)
    }
}

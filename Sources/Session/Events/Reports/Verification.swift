import JSON

/// One run of the command on a clean checkout.
public struct Verification: Sendable, Equatable {
    /// The commit that was checked out.
    public var commit: String
    /// How the command ended.
    public var report: CommandReport
    /// A further run, with protected paths as they were before; nil where the commit changes none.
    public var restoration: Restoration?
    /// The commits before it on which the command was run, too, where that was asked for.
    public var earlier: [EarlierCommit] = []
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
    public var isProof: Bool {
        report.isSuccess && repetitions?.isMixed != true && !doubts.contains(where: \.isDecisive)
    }
}

/// A run of the command with protected paths as they were before anything was done.
public struct Restoration: Sendable, Equatable {
    /// The paths, from the root of the tree.
    public var paths: [String]
    /// How the command ended there.
    public var report: CommandReport

    /// Names the parts.
    public init(paths: [String], report: CommandReport) {
        self.paths = paths
        self.report = report
    }
}

/// A commit of a series before the last one, and how the command ended on it.
public struct EarlierCommit: Sendable, Equatable {
    /// The commit.
    public var commit: String
    /// How the command ended, in a word or two.
    public var ending: String
    /// Whether it passed.
    public var passed: Bool

    /// Names the parts.
    public init(commit: String, ending: String, passed: Bool) {
        self.commit = commit
        self.ending = ending
        self.passed = passed
    }
}

extension Restoration {
    func write(into writer: inout JSONWriter) {
        writer.member("paths", array: { for path in paths { $0.string(path) } })
        report.write(into: &writer)
    }

    init?(_ json: JSON) {
        guard let report = CommandReport(json) else { return nil }
        self.init(paths: json["paths"]?.elements.compactMap(\.string) ?? [], report: report)
    }
}

extension EarlierCommit {
    func write(into writer: inout JSONWriter) {
        writer.member("commit", commit)
        writer.member("ending", ending)
        writer.member("passed", passed)
    }

    init?(_ json: JSON) {
        guard let commit = json["commit"]?.string, let ending = json["ending"]?.string else { return nil }
        self.init(commit: commit, ending: ending, passed: json["passed"]?.bool ?? false)
    }
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
        if let restoration { writer.member("restored", object: { restoration.write(into: &$0) }) }
        if !earlier.isEmpty {
            writer.member("earlier", array: { for commit in earlier { $0.object { commit.write(into: &$0) } } })
        }
        if !doubts.isEmpty {
            writer.member("doubts", array: { for doubt in doubts { $0.object { doubt.write(into: &$0) } } })
        }
        if let repetitions { writer.member("repetitions", object: { repetitions.write(into: &$0) }) }
    }

    init?(_ json: JSON) {
        guard let commit = json["commit"]?.string, let report = CommandReport(json) else { return nil }
        self.init(commit: commit, report: report)
        restoration = json["restored"].flatMap(Restoration.init)
        earlier = json["earlier"]?.elements.compactMap(EarlierCommit.init) ?? []
        doubts = json["doubts"]?.elements.compactMap(Doubt.init) ?? []
        repetitions = json["repetitions"].flatMap(Repetitions.init)
    }
}

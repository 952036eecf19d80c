public import JSON

/// A point of the work that has been reached, with what shows it.
public struct Milestone: Sendable, Equatable {
    /// What has been reached.
    public enum Kind: String, Sendable, CaseIterable {
        /// The failure has been seen to happen.
        case reproduced
        /// Why it happens is known.
        case rootCause = "root_cause"
        /// A change that should repair it is committed.
        case fixApplied = "fix_applied"
        /// A check has shown that it is repaired.
        case verified
        /// A part of a longer task is done.
        case progress

        /// The kind as people say it: `root cause`.
        public var words: String { rawValue.split(separator: "_").joined(separator: " ") }
    }

    /// Who says so.
    public enum Reporter: String, Sendable {
        /// The model, through a tool: a claim.
        case model
        /// The harness, which has seen it itself.
        case harness
    }

    /// What shows it; all parts may be absent.
    public struct Evidence: Sendable, Equatable {
        /// The shell line that showed it.
        public var command: String?
        /// The file that it is about, as it was named.
        public var file: String?
        /// The line in that file, from 1.
        public var line: Int?
        /// The commit that it is about.
        public var commit: String?

        /// Names the parts.
        public init(command: String? = nil, file: String? = nil, line: Int? = nil, commit: String? = nil) {
            self.command = command
            self.file = file
            self.line = line
            self.commit = commit
        }

        /// The parts in a line for a person; nil if nothing is named.
        public var words: String? {
            let place = file.map { file in line.map { "\(file):\($0)" } ?? file }
            let parts = [place, command.map { "$ \($0)" }, commit.map { "commit \($0.prefix(10))" }].compactMap(\.self)
            return parts.isEmpty ? nil : parts.joined(separator: ", ")
        }
    }

    /// What has been reached.
    public var kind: Kind
    /// It in one sentence; the model's is untrusted text.
    public var summary: String
    /// What shows it.
    public var evidence: Evidence
    /// Who says so.
    public var reporter: Reporter

    /// Names the parts.
    public init(_ kind: Kind, summary: String, evidence: Evidence = Evidence(), by reporter: Reporter) {
        self.kind = kind
        self.summary = summary
        self.evidence = evidence
        self.reporter = reporter
    }
}

extension Milestone {
    /// Writes the members of a milestone.
    public func write(into writer: inout JSONWriter) {
        writer.member("milestone", kind.rawValue)
        writer.member("summary", summary)
        writer.member(
            "evidence",
            object: {
                if let command = evidence.command { $0.member("command", command) }
                if let file = evidence.file { $0.member("file", file) }
                if let line = evidence.line { $0.member("line", line) }
                if let commit = evidence.commit { $0.member("commit", commit) }
            })
        writer.member("by", reporter.rawValue)
    }

    init?(_ json: JSON) {
        guard let kind = json["milestone"]?.string.flatMap(Kind.init),
            let reporter = json["by"]?.string.flatMap(Reporter.init)
        else { return nil }
        let evidence = json["evidence"]
        self.init(
            kind, summary: json["summary"]?.string ?? "",
            evidence: Evidence(
                command: evidence?["command"]?.string,
                file: evidence?["file"]?.string, line: evidence?["line"]?.int,
                commit: evidence?["commit"]?.string), by: reporter)
    }
}

public import JSON
public import Responses

/// What a session's journal says at its beginning and its end.
public struct SessionSummary: Sendable {
    /// The session's name.
    public let id: SessionID
    /// Where its files are.
    public let folder: SessionFolder
    /// What it began with; nil if it never came so far.
    public let start: RunStart?
    /// What it came to; nil if it is still running or was killed.
    public let result: RunResult?
    /// Whether a process is at work on it now.
    public let isRunning: Bool
}

extension RunStart {
    /// Reads what `run.started` says; nil if it is not of this kind.
    init?(_ event: JSON) {
        guard event["type"]?.string == "run.started", let repository = event["repository"]?.string,
            let base = event["base"]?.string, let branch = event["branch"]?.string
        else { return nil }
        self.init(
            repository: repository, base: base, start: event["start"]?.string ?? base, branch: branch,
            tree: event["tree"]?.string ?? "", task: event["task"]?.string, command: event["command"]?.string,
            model: event["model"]?.string ?? "", endpoint: event["endpoint"]?.string ?? "",
            sandbox: event["sandbox"]?.string ?? "", policy: event["policy"]?.string, time: event["time"]?.int ?? 0)
    }
}

extension RunResult {
    /// Reads what `run.finished` says; nil if it is not of this kind.
    init?(_ event: JSON) {
        guard event["type"]?.string == "run.finished", let name = event["verdict"]?.string,
            let verdict = Verdict(rawValue: name)
        else { return nil }
        self.init(verdict: verdict, message: event["message"]?.string ?? "")
        summary = event["summary"]?.string
        branch = event["branch"]?.string
        commit = event["commit"]?.string
        base = event["base"]?.string
        commits = event["commits"]?.elements.compactMap(CommitReport.init) ?? []
        baseline = event["baseline"].flatMap(CommandReport.init)
        if let verification = event["verification"], let commit = verification["commit"]?.string,
            let report = CommandReport(verification)
        {
            self.verification = Verification(commit: commit, report: report)
        }
        usage = event["usage"].map(Usage.init(journal:)) ?? Usage()
        turns = event["turns"]?.int ?? 0
        duration = .milliseconds(event["duration_ms"]?.double ?? 0)
        sessionFolder = event["session"]?.string
    }
}

extension CommitReport {
    /// Reads a commit as events show it.
    public init?(_ json: JSON) {
        guard let id = json["id"]?.string, let subject = json["subject"]?.string else { return nil }
        self.init(id: id, subject: subject, files: json["changes"]?.elements.compactMap(FileSummary.init) ?? [])
    }
}

extension FileSummary {
    /// Reads a changed file as events show it.
    public init?(_ json: JSON) {
        guard let path = json["path"]?.string, let kind = json["kind"]?.string.flatMap(Kind.init) else { return nil }
        self.init(path: path, kind: kind)
    }
}

extension CommandReport {
    /// Reads how a command ended as events show it; nil while it was running.
    public init?(_ json: JSON) {
        guard let ending = json["ending"]?.string else { return nil }
        self.init(
            exitCode: json["exit_code"]?.int.map { Int32(truncatingIfNeeded: $0) }, ending: ending,
            duration: .milliseconds(json["duration_ms"]?.double ?? 0),
            output: json["aggregated_output"]?.string ?? "", outputByteCount: json["output_bytes"]?.int ?? 0)
        signal = json["signal"]?.string
        processorTime = json["cpu_ms"]?.double.map { .milliseconds($0) }
        peakByteCount = json["peak_bytes"]?.int
        ranOutOfMemory = json["out_of_memory"]?.bool ?? false
    }
}

extension Usage {
    /// Reads usage as events show it.
    public init(journal json: JSON) {
        self.init()
        input = json["input_tokens"]?.int ?? 0
        cached = json["cached_input_tokens"]?.int ?? 0
        output = json["output_tokens"]?.int ?? 0
        reasoning = json["reasoning_output_tokens"]?.int ?? 0
    }
}

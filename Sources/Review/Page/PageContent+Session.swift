import Evidence
import Glibc
import OS
import Repository
import Responses
import Session
import Text

extension PageContent {
    /// Collects the content of the page from a review.
    ///
    /// The page of a session without a branch shows what happened and why there is no series.
    init(_ session: ReviewSession) {
        let summary = session.summary
        let result = summary.result
        let standing = session.standing
        let task = summary.start?.task ?? summary.start?.command ?? ""
        self.init(
            title: task.split(whereSeparator: \.isNewline).first.map(String.init) ?? session.id.rawValue, task: task,
            verdict: result == nil ? summary.state.rawValue : standing.text, isGood: standing.isGood,
            message: result?.message ?? Self.unfinished(summary.state), summary: result?.summary)
        facts = Self.facts(session)
        self.session = session.id.rawValue
        timeline = SessionTimeline(journal: summary.folder.journal)
        hosted = PageHosted.withPictures(timeline.hosted, folder: summary.folder)
        screens = PageScreen.withPictures(timeline.screens, folder: summary.folder)
        let command = session.command ?? ""
        if let run = result?.baseline {
            checks.append(PageRun(label: "before anything was done", command: command, report: run))
        }
        if let run = result?.verification {
            let label = "at the end, on a clean checkout of \(run.commit.prefix(10))"
            checks.append(PageRun(label: label, command: command, report: run.report))
            if let restoration = run.restoration {
                let label = "the same, with what decides as it was"
                checks.append(PageRun(label: label, command: command, report: restoration.report))
            }
            doubts = run.doubts.filter(\.isDecisive) + run.doubts.filter { !$0.isDecisive }
        }
        do {
            for commit in try session.series() { commits.append(PageCommit(commit, of: session)) }
        } catch {
            failure = "\(error)"
        }
    }

    private static func unfinished(_ state: SessionSummary.State) -> String {
        state == .running ? "the run goes on; this is how things stand" : "the run was killed before it came to an end"
    }

    private static func facts(_ session: ReviewSession) -> [(name: String, value: String)] {
        let (start, result) = (session.summary.start, session.summary.result)
        var facts: [(name: String, value: String)] = []
        if let command = session.command, start?.task != nil { facts.append(("Command", command)) }
        facts.append(("Repository", start?.repository ?? session.repository.workingDirectory))
        let base = start?.base ?? ""
        let own = start.map { $0.start != $0.base } == true
        facts.append(("Base", String(base.prefix(10)) + (own ? ", and your uncommitted work" : "")))
        facts.append(("Branch", session.branch))
        if let start {
            facts.append(("Model", start.model))
            facts.append(("Begun", Self.spelled(start.time)))
        }
        if let result {
            facts.append(("Duration", result.duration.spelled))
            let usage = result.usage
            facts.append(("Turns", "\(result.turns)"))
            let parts = "\(usage.input.grouped) in (\(usage.cached.grouped) cached), \(usage.output.grouped) out"
            facts.append(("Tokens", parts))
            if let cost = result.cost { facts.append(("Cost", "\(cost.spelled) at the prices of \(cost.date)")) }
        }
        facts.append(("Session", session.id.rawValue))
        return facts
    }

    /// A time as `2026-11-21 06:08 UTC`.
    private static func spelled(_ seconds: Int) -> String {
        UTCTime(secondsSince1970: seconds).text + " UTC"
    }
}

extension PageCommit {
    fileprivate init(_ commit: ReviewedCommit, of session: ReviewSession) {
        self.init(
            number: commit.number, id: commit.id.hex, subject: commit.subject, body: commit.body,
            trailers: commit.trailers.map { ($0.key, $0.value) })
        if case .accepted(let id, let reference) = commit.state {
            let branch = reference.hasPrefix("refs/heads/") ? String(reference.dropFirst(11)) : reference
            acceptance = "accepted as \(id.hex.prefix(10)) on \(branch)"
        }
        let evidence = commit.evidence
        if let own = evidence.own {
            runs.append(
                PageRun(label: "on a clean checkout of this commit", command: own.command, report: own.report))
        }
        runs += evidence.before.map { PageRun(label: "before", command: $0.command, report: $0.report) }
        runs += evidence.after.map { PageRun(label: "after", command: $0.command, report: $0.report) }
        do { files = try session.diff(of: commit).files } catch { failure = "\(error)" }
    }
}

extension Int {
    /// The number with a thin space between thousands.
    var grouped: String {
        let digits = String(self)
        return String(
            digits.enumerated().flatMap { position, digit -> [Character] in
                let left = digits.count - position
                return position > 0 && left % 3 == 0 ? ["\u{202F}", digit] : [digit]
            })
    }
}

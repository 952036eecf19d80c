import Evidence
import OS
import Repository
import Sandbox
import Session
import Synchronization
import Terminal
import Text
import Workspace

/// The model of the view: what to show of a session, and actions with an outcome in words.
final class ReviewModel: Sendable {
    let session: ReviewSession
    private let sandbox: SandboxMode
    /// The series as it was read last: reading it again reads the session's whole journal.
    private let known = Mutex<[ReviewedCommit]>([])

    init(_ session: ReviewSession, sandbox: SandboxMode) {
        self.session = session
        self.sandbox = sandbox
    }

    /// The series as it is now.
    func overview() throws -> ReviewOverview {
        var facts = [ReviewOverview.Fact(name: "repository", value: session.repository.workingDirectory)]
        if let task = session.summary.start?.task { facts.append(.init(name: "task", value: task)) }
        if let command = session.command { facts.append(.init(name: "command", value: command)) }
        let standing = session.standing
        let message = standing.isGood ? session.summary.result.map { ": \($0.message)" } ?? "" : ""
        facts.append(.init(name: "verdict", value: standing.text + message))
        if let branch = Self.name(of: session.repository) { facts.append(.init(name: "accept to", value: branch)) }
        let series = try session.series()
        known.withLock { $0 = series }
        return ReviewOverview(
            session: session.id.rawValue, facts: facts,
            entries: series.map { ReviewOverview.Entry($0, isLast: $0.number == series.count) })
    }

    /// What a commit changes.
    func diff(of id: String) throws -> TreeDiff { try session.diff(of: try commit(id)) }

    /// The message of a commit for editing: without the trailers, which stay.
    func message(of id: String) throws -> String {
        let commit = try commit(id)
        return commit.body.isEmpty ? commit.subject : commit.subject + "\n\n" + commit.body
    }

    /// Does an action; a failure is an outcome too.
    ///
    /// - Parameter message: The text for a new message or a new commit.
    func perform(_ action: ReviewAction, message: String?) async throws -> ReviewOutcome {
        do {
            let (text, details, isGood) = try await result(of: action, message: message ?? "")
            return ReviewOutcome(message: text, isDone: isGood, details: details, overview: try overview())
        } catch is CancellationError {
            return try refusal("stopped; nothing was kept of it")
        } catch {
            let conflict = (error as? ReviewError)?.conflict
            return try refusal(try Self.reason(error), conflict.map(ConflictPage.lines) ?? [])
        }
    }

    /// Why an action failed, for a person.
    ///
    /// - Throws: The error itself if it is unknown here, which is a bug.
    static func reason(_ error: any Error) throws -> String {
        switch error {
        case let error as ReviewError: error.description
        case let error as RepositoryError: error.description
        case let error as SessionError: error.description
        case let error as WorkspaceError: error.description
        case let error as SandboxError: error.description
        case let error as SystemError: error.description
        default: throw error
        }
    }

    /// An outcome in which nothing happened.
    func refusal(_ message: String, _ details: [StyledLine] = []) throws -> ReviewOutcome {
        ReviewOutcome(message: message, isDone: false, details: details, overview: try overview())
    }

    /// The commit as it was read last; actions find out by themselves whether it is still there.
    private func commit(_ id: String) throws -> ReviewedCommit {
        guard let commit = known.withLock({ $0.first { $0.id.hex == id } }) else {
            throw ReviewError(.refused, "commit \(id.prefix(10)) is no longer in the series")
        }
        return commit
    }

    private func result(
        of action: ReviewAction, message: String
    ) async throws -> (text: String, details: [StyledLine], isGood: Bool) {
        switch action {
        case .accept(let id):
            let outcome = try session.accept([try commit(id).id])
            let place = outcome.branch ?? "the detached HEAD"
            let commit = outcome.commits.first
            let name = commit.map { "\($0.new.hex.prefix(10))" } ?? ""
            let text =
                commit?.wasThere == true
                ? "accepted: its change was on \(place) already" : "accepted onto \(place) as \(name)"
            return (text + " (u undoes it)", [], true)
        case .drop(let id):
            let commit = try commit(id)
            try session.drop([commit.id])
            return ("dropped \"\(commit.subject)\" (u brings it back)", [], true)
        case .reword(let id):
            try session.reword(try commit(id).id, message: message)
            return ("the message is changed (u undoes it)", [], true)
        case .squash(let id):
            let commit = try commit(id)
            try session.squash(commit.id)
            return ("squashed into commit \(commit.number - 1) (u undoes it)", [], true)
        case .split(let id, let pieces):
            let commit = try commit(id)
            try session.split(commit.id, pieces: pieces, message: message)
            return ("split into commits \(commit.number) and \(commit.number + 1) (u undoes it)", [], true)
        case .verify(let id): return try await verify(try commit(id))
        case .undo: return (try undo(), [], true)
        }
    }

    private func verify(_ commit: ReviewedCommit) async throws -> (String, [StyledLine], Bool) {
        guard let run = try await session.verify([commit.id], sandbox: sandbox).first else {
            throw ReviewError(.internal, "the command was not run")
        }
        let ending = "\(run.report.ending) in \(run.report.duration.spelled)"
        guard !run.isPassing else { return ("the command passes at commit \(commit.number): \(ending)", [], true) }
        var lines = [StyledLine(run.command.markedLine, .strong), StyledLine(ending, .bad)]
        if let tally = run.report.tests?.tally { lines.append(StyledLine(tally.spelled, .bad)) }
        if !run.failureLines.isEmpty { lines += ["", StyledLine("Failures", .strong)] }
        lines += run.failureLines.map { StyledLine("  " + $0.markedLine, .bad) }
        lines += ["", StyledLine("Output", .strong)]
        lines += run.report.output.split(separator: "\n").suffix(200).map { StyledLine("  " + $0.markedLine) }
        return ("the command fails at commit \(commit.number): \(ending)", lines, false)
    }

    private func undo() throws -> String {
        let record = try session.undo()
        let names = record.commits.count == 1 ? "" : " of \(record.commits.count) commits"
        return "undone: the \(record.operation.rawValue)\(names)"
    }

    private static func name(of repository: GitRepository) -> String? {
        // An error that matters comes up again when a commit is accepted.
        guard let head = try? repository.head else { return nil }
        return head.branchName ?? "the detached HEAD"
    }
}

extension ReviewOverview.Entry {
    /// Reads what the view shows of a commit.
    init(_ commit: ReviewedCommit, isLast: Bool) {
        var acceptedAs: String?
        if case .accepted(let id, _) = commit.state { acceptedAs = id.hex }
        self.init(
            id: commit.id.hex, acceptedAs: acceptedAs, subject: commit.subject, body: commit.body,
            milestones: commit.evidence.milestones.map(Self.reached),
            evidence: Self.evidence(commit.evidence, isLast: isLast), added: commit.addedLines,
            removed: commit.removedLines)
    }

    private static func reached(_ reached: ReachedMilestone) -> ReviewOverview.Reached {
        let milestone = reached.milestone
        return .init(
            kind: milestone.kind.words,
            text: milestone.summary + (milestone.evidence.words.map { " · \($0)" } ?? "") + " (\(reached.place))",
            isSeen: milestone.reporter == .harness)
    }

    private static func evidence(_ evidence: CommitEvidence, isLast: Bool) -> [ReviewOverview.Evidence] {
        func line(_ moment: String, _ run: CommitEvidence.Run) -> ReviewOverview.Evidence {
            .init(
                moment: moment, ending: "\(run.ending), \(run.report.duration.spelled)", command: run.command,
                isGood: run.hidesStatus || run.report.wasStopped ? nil : run.report.isSuccess)
        }
        var lines: [ReviewOverview.Evidence] = []
        if let baseline = evidence.baseline { lines.append(line("at the start", baseline)) }
        lines += evidence.before.map { line("before", $0) }
        lines += evidence.after.map { line("after", $0) }
        if let own = evidence.own {
            lines.append(line("on this commit", .init(command: own.command, report: own.report)))
        } else if isLast, let verification = evidence.verification {
            lines.append(line("at the end", verification))
        }
        return lines
    }
}

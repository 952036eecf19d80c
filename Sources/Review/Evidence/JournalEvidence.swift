import Repository
import Session
import Text

/// The commands and steps of a run in their order, as its journal tells them.
struct JournalEvidence {
    private struct Step {
        let id: CommitID
        let paths: Set<BytePath>
        /// How many commands had been run before it.
        let position: Int
        /// Its number in the `Graft-Step` trailer: the turn.
        let turn: Int
    }

    private var command: String?
    private var runs: [CommitEvidence.Run] = []
    private var steps: [Step] = []
    private var milestones: [(reached: ReachedMilestone, stepCount: Int)] = []
    private var baseline: CommitEvidence.Run?
    private var verifications: [(tree: TreeID?, run: CommitEvidence.Run)] = []

    /// So many commands are shown on each side of a commit.
    private static let limit = 3

    /// Reads a journal; lines of no interest are not parsed.
    init(_ summary: SessionSummary, repository: GitRepository) {
        guard let file = JournalFile(path: summary.folder.journal) else { return }
        let command = summary.start?.command ?? ""
        self.command = command
        var turn = 0
        let kinds: Set<RunEvent.Kind> = [
            .itemCompleted, .commitCreated, .turnStarted, .baseline, .verified, .milestoneReported,
        ]
        file.forEach(kinds) { line in
            switch line.event {
            case .turnStarted(let number): turn = number
            case .itemCompleted(let item): add(item, turn)
            case .commitCreated(let commit): addStep(commit, turn, repository)
            case .milestoneReported(let milestone, let turn):
                let reached = ReachedMilestone(milestone: milestone, turn: turn, time: line.time)
                milestones.append((reached, steps.count))
            case .baseline(let report, _): baseline = .init(command: command, report: report, turn: 0)
            case .verified(let verification):
                guard let commit = CommitID(verification.commit) else { break }
                // The commit may be gone by now.
                let tree = try? repository.treeID(of: commit)
                verifications.append((tree, .init(command: command, report: verification.report, turn: 0)))
            default: break
            }
            return true
        }
    }

    /// What was run around a commit: its steps are known by id, by their numbers in its trailers, or by the files
    /// that they share with it.
    ///
    /// Around a step stand the commands next to it. A commit that was ordered afterwards has no such place: of what ran
    /// before its first and after its last step, only what has to do with its files is told.
    func evidence(for commit: CommitRecord, files: [ChangedFile], own: CommitVerification?) -> CommitEvidence {
        let (found, isExact) = steps(of: commit, files: files)
        var (before, after): ([CommitEvidence.Run], [CommitEvidence.Run]) = ([], [])
        if let first = found.first?.position, let last = found.last?.position {
            if isExact {
                let next = steps.first { $0.position > last }?.position ?? runs.count
                let previous = steps.last { $0.position < first }?.position ?? 0
                before = Array(previous < first ? runs[previous..<first] : runs[max(0, first - 1)..<first])
                after = Array(runs[last..<max(next, min(last + 1, runs.count))])
            } else {
                let related = RelatedCommands(files: files, command: command)
                before = runs[..<first].reversed().lazy.filter(related.include).prefix(Self.limit).reversed()
                after = Array(runs[last...].lazy.filter(related.include).prefix(Self.limit))
            }
        }
        return CommitEvidence(
            steps: found.map(\.id), milestones: milestones(of: found, isExact: isExact, files: files),
            before: before.suffix(Self.limit), after: Array(after.prefix(Self.limit)),
            baseline: baseline, verification: verifications.last?.run,
            own: own
                ?? verifications.last { $0.tree == commit.tree }.map {
                    CommitVerification(
                        commit: commit.id, tree: commit.tree, command: $0.run.command, report: $0.run.report,
                        failures: [])
                })
    }

    /// What was reached on the way to some steps and by them: what names them or one of their files, and what was
    /// reported right before and behind them.
    private func milestones(of found: [Step], isExact: Bool, files: [ChangedFile]) -> [ReachedMilestone] {
        let ids = found.map(\.id)
        let (first, last) = (steps.firstIndex { $0.id == ids.first }, steps.lastIndex { $0.id == ids.last })
        guard let first, let last else { return [] }
        let names = files.flatMap { [$0.path, $0.oldPath].compactMap { $0?.text } }
        return milestones.filter { entry in
            let evidence = entry.reached.milestone.evidence
            // Models shorten names, and begin paths in their own ways.
            if let commit = evidence.commit, commit.utf8.count >= 7 {
                return ids.contains { $0.hex.hasPrefix(commit.lowercased()) }
            }
            if let file = evidence.file, names.contains(where: { file == $0 || file.hasSuffix("/" + $0) }) {
                return true
            }
            guard isExact || steps.count == 1 else { return false }
            switch entry.reached.milestone.kind {
            case .reproduced, .rootCause: return (first...last).contains(entry.stepCount)
            case .fixApplied, .verified, .progress: return (first...last).contains(entry.stepCount - 1)
            }
        }.map(\.reached)
    }

    private func steps(of commit: CommitRecord, files: [ChangedFile]) -> (steps: [Step], isExact: Bool) {
        if let step = steps.first(where: { $0.id == commit.id }) { return ([step], true) }
        let numbers = commit.parts.trailers.filter { $0.key == "Graft-Step" }
            .flatMap { $0.value.split { !$0.isNumber }.compactMap { Int($0) } }
        let named = steps.filter { numbers.contains($0.turn) }
        if !named.isEmpty { return (named, true) }
        let paths = Set(files.flatMap { [$0.path, $0.oldPath].compactMap { $0 } })
        return (steps.filter { !$0.paths.isDisjoint(with: paths) }, false)
    }

    /// Takes a command; one that only shows what there is proves nothing, unless it is the one that decides.
    private mutating func add(_ item: RunItem, _ turn: Int) {
        guard let (command, report) = item.endedCommand else { return }
        let decides = self.command.map { !$0.isEmpty && command.contains($0) } ?? false
        guard decides || !ShellLine(command).onlyShows else { return }
        runs.append(.init(command: command, report: report, turn: turn))
    }

    private mutating func addStep(_ report: CommitReport, _ turn: Int, _ repository: GitRepository) {
        guard let id = CommitID(report.id) else { return }
        // What commands changed is committed a turn later than it happened; the message knows. A step may be gone.
        let trailers = (try? repository.record(of: id))?.parts.trailers ?? []
        let turn = trailers.first { $0.key == "Graft-Step" }.flatMap { Int($0.value) } ?? turn
        steps.append(Step(id: id, paths: Set(report.files.map(\.path)), position: runs.count, turn: turn))
    }
}

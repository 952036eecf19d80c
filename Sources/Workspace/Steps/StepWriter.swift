public import Patching
public import Repository
public import Session
import Text

/// Commits what a run changes: the steps as they happen, and the series at the end.
///
/// The patches of one response become one commit. Changes by commands are scanned for after the response has been
/// answered, while the model works, and become a commit of their own; then the branch moves, too. No method suspends
/// within a step, so that no caller sees half a step.
///
/// An entry that cannot be committed is left out by itself, and the model is told. In a small tree the scan comes before
/// the answer of the command, and only the commit after it; in a large one, where a scan takes time, the next answer
/// says what the scan has left out.
public actor StepWriter {
    /// Writes the messages of commits.
    public nonisolated let messages: StepMessage
    let tree: WorkingTree
    let events: any EventSink
    let signature: @Sendable () -> Signature
    /// The commit that the first step stands on.
    let start: CommitID
    private let runningCommands: @Sendable () -> [String]
    private var step = 0
    private var unsettled: [String] = []
    private var staged = StagedPatches()
    private var remarks: StepRemarks
    /// What a scan before the answer has found.
    private var found: FoundChanges?
    /// Why changes in the tree are in no commit; nil if all are in one, as far as is known.
    public private(set) var trouble: RepositoryError?
    /// The steps, oldest first.
    public private(set) var steps: [CommitReport]
    /// The series made of the steps; nil again after another step.
    private var series: (tip: CommitID, commits: [CommitReport])?
    private(set) var branch: SessionBranch
    /// The change that the model is asked to order; nil if it is not.
    public internal(set) var changeToOrder: TreeDiff?

    /// Starts at the working tree's commit.
    ///
    /// - Parameters:
    ///   - signature: The author of the next commit.
    ///   - known: What cannot be committed and was in the tree before the session.
    ///   - reopened: What the session had before, if it goes on.
    ///   - runningCommands: Returns the lines of background commands that may have changed files since the last call.
    public init(
        tree: WorkingTree, session: SessionID, messages: StepMessage, events: any EventSink,
        signature: @escaping @Sendable () -> Signature, known: [SkippedFile],
        reopened: ReopenedWorkspace? = nil,
        runningCommands: @escaping @Sendable () -> [String] = { [] }
    ) {
        remarks = StepRemarks(known: known)
        self.tree = tree
        self.messages = messages
        self.events = events
        self.signature = signature
        self.runningCommands = runningCommands
        start = reopened?.history.start ?? tree.head
        branch = reopened?.branch ?? SessionBranch(of: session, in: tree.repository, at: tree.head)
        step = reopened?.history.stepCount ?? 0
        steps = reopened?.history.steps ?? []
        if let history = reopened?.history, let tip = history.seriesTip, let commits = history.series?.commits {
            series = (tip, commits)
        }
    }

    /// Commits what a process that died has left in the tree.
    ///
    /// - Parameter commands: The lines that it had begun to run.
    public func recover(_ commands: [String]) {
        unsettled += commands
        commitUnsettled(isCertain: true)
        followSteps()
    }

    /// The last step.
    public var head: CommitID { tree.head }

    /// The session's result: the end of the series if there is one, else the last step; both have the same files.
    public var tip: CommitID { series?.tip ?? tree.head }

    /// The commits from the start to `tip`, oldest first.
    public var commits: [CommitReport] { series?.commits ?? steps }

    /// Whether there is a series.
    public var hasSeries: Bool { series != nil }

    /// Whether there is nothing to order: fewer than two steps, a series already, or a branch that somebody else moved.
    var isOrdered: Bool { steps.count < 2 || series != nil || !branch.isOurs }

    /// Begins the step of the next response.
    public func beginStep() { step += 1 }

    /// Prepares for commands: publishes the index, and notes that a scan is due.
    public func begin(_ commands: [String]) {
        followSteps()
        unsettled += commands
        found = nil
    }

    /// Looks at what a command has just changed, so that its answer can say what cannot be committed.
    ///
    /// Only in a tree in which a scan is quick, and without what is not: the commit follows in `settle()`, and what is not
    /// seen here is seen there.
    public func look() {
        guard tree.isScannedQuickly else { return }
        // Whatever fails here is tried again, and reported, when it is committed.
        found = try? tree.scan(within: Self.patience)
        if let found { name(found.skipped) }
    }

    /// How long an answer may wait for a scan.
    private static let patience: Duration = .milliseconds(50)

    /// What the model has not been told yet, one line each.
    public func takeRemarks() -> [String] { remarks.takeForModel() }

    /// Commits what commands have changed since the last time, and updates branch and index.
    ///
    /// - Parameter subject: The subject of the commit; nil for one that tells of the commands.
    public func settle(subject: String? = nil) {
        commitUnsettled(subject: subject)
        followSteps()
    }

    /// Stages a patch on top of those that are staged already, without changing a file.
    ///
    /// - Parameters:
    ///   - files: The files that the patch names, for messages.
    ///   - callID: The model's call that it belongs to.
    ///   - changes: Applies the patch to a tree, of which it writes nothing.
    /// - Throws: `PatchError` of `changes`; nothing is staged then.
    public func stage(
        _ files: [FileSummary], callID: String?,
        changes: @Sendable (any PatchSource) throws(PatchError) -> ChangeSet
    ) throws(PatchError) {
        commitUnsettled()
        do throws(PatchError) {
            let more = try changes(StagedTree(changes: staged.changes, below: tree))
            staged.add(more, files: files, callID: callID)
        } catch {
            guard let cause = error.underlying as? RepositoryError else { throw error }
            throw PatchError(error.code, cause.description, path: error.path, underlying: cause)
        }
    }

    /// Writes and commits what has been staged.
    ///
    /// - Parameter commentary: The model's words, which become the commit's message.
    /// - Returns: The result of each staged patch, in order.
    public func commitStaged(commentary: String?) -> [PatchReport] {
        guard !staged.patches.isEmpty else { return [] }
        var batch = staged
        batch.forget { tree.lacks($0) }
        staged = StagedPatches()
        let before = tree.head
        let message = messages.message(commentary: commentary, files: batch.files, step: step)
        var commit: CommitID?
        do throws(RepositoryError) {
            if !batch.changes.isEmpty {
                commit = try tree.commit(batch.changes, message: message, author: signature())
            }
        } catch  where error.code == .nothingChanged {
            // The files are as the patch wants them already: success without a commit.
        } catch {
            // Files may have been written, of which the next scan knows nothing.
            if [.system, .library, .locked, .referenceMoved].contains(error.code) { trouble = error }
            return batch.patches.map { record($0, PatchReport(isApplied: false, message: error.description)) }
        }
        let diff = (try? tree.repository.diff(from: before, to: tree.head)) ?? ""  // For display only.
        var sections = DiffSections(diff)
        let last = batch.patches.count - 1
        let reports = batch.patches.enumerated().map { position, patch in
            let text = "Done: " + patch.files.map { "\($0.kind.letter) \($0.path)" }.joined(separator: ", ")
            let own = sections.take(patch.files.map(\.path)) + (position == last ? sections.takeRest() : "")
            return record(patch, PatchReport(isApplied: true, message: text, diff: own))
        }
        if let commit { note(commit, message, batch.files) }
        return reports
    }

    /// Replaces the steps by a series: the branch moves to its end.
    func adopt(_ commits: [CommitReport], tip: CommitID) throws(RepositoryError) {
        try moveBranch(to: tip, why: SessionBranch.ordering)
        series = (tip, commits)
    }

    private func moveBranch(to commit: CommitID, why: String) throws(RepositoryError) {
        let name = branch.name
        defer { if branch.name != name { events.record(.branchChanged(branch.name)) } }
        try branch.move(to: commit, why: why)
    }

    /// Moves the branch to the last step, and publishes the index for git commands in the tree.
    private func followSteps() {
        do throws(RepositoryError) {
            if series == nil { try moveBranch(to: tree.head, why: "follow the steps") }
        } catch {
            let name = branch.name
            events.record(.notice(branch.isOurs ? "\(error)" : "\(error); it is left alone, and \(name) has the work"))
        }
        do throws(RepositoryError) { try tree.publishIndex() } catch {
            events.record(.notice("git commands in the working tree see an older state: \(error)"))
        }
    }

    private func commitUnsettled(isCertain: Bool = false, subject: String? = nil) {
        let background = runningCommands()
        unsettled += background
        guard isCertain || !unsettled.isEmpty || trouble != nil else { return }
        do throws(RepositoryError) {
            let found = try scan(isFresh: !background.isEmpty)
            name(found.skipped)
            if !found.isEmpty { try commit(found, subject: subject) }
            (unsettled, trouble) = ([], nil)
        } catch {
            if error.code == .nothingChanged {
                (unsettled, trouble) = ([], nil)
                return
            }
            if trouble?.message != error.message {
                events.record(.notice("cannot commit what commands changed: \(error)"))
            }
            trouble = error
        }
    }

    /// What has changed since the last commit; a scan before the answer counts if nothing has run since.
    private func scan(isFresh: Bool) throws(RepositoryError) -> FoundChanges {
        defer { found = nil }
        if let found, !isFresh, found.base == tree.head { return found }
        return try tree.scan()
    }

    private func commit(_ found: FoundChanges, subject: String?) throws(RepositoryError) {
        let files = found.files.map { FileSummary(path: $0.path, kind: FileSummary.Kind($0.kind)) }
        let message = messages.message(
            commands: unsettled, files: files, notStored: remarks.takeForMessage(), step: step,
            subject: subject)
        note(try tree.commit(found, message: message, author: signature()), message, files)
    }

    private func name(_ skipped: [SkippedFile]) {
        for line in remarks.meet(skipped) { events.record(.notice("not stored: \(line)")) }
    }

    private func record(_ patch: StagedPatches.Patch, _ report: PatchReport) -> PatchReport {
        let content = RunItem.Content.fileChange(patch.files, report)
        events.record(.itemCompleted(RunItem(id: events.nextItemID(), callID: patch.callID, content: content)))
        return report
    }

    private func note(_ id: CommitID, _ message: CommitMessage, _ files: [FileSummary]) {
        let commit = CommitReport(id: id.hex, subject: message.subject, files: files)
        steps.append(commit)
        series = nil
        events.record(.commitCreated(commit))
    }
}

/// The staged patches of one response.
private struct StagedPatches {
    struct Patch {
        let files: [FileSummary]
        let callID: String?
    }

    private(set) var changes = ChangeSet()
    private(set) var patches: [Patch] = []
    /// What one patch has put somewhere and a later one has taken away.
    private var passing: Set<BytePath> = []

    var files: [FileSummary] {
        var seen: Set<BytePath> = []
        return patches.flatMap(\.files).filter { seen.insert($0.path).inserted }
    }

    mutating func add(_ more: ChangeSet, files: [FileSummary], callID: String?) {
        for change in more.changes where change.contents == nil && changes[change.path]?.contents != nil {
            passing.insert(change.path)
        }
        changes.merge(more)
        patches.append(Patch(files: files, callID: callID))
    }

    /// Drops deletions of files that were there only between two patches.
    mutating func forget(where isMissing: (BytePath) -> Bool) {
        let gone = passing.filter { changes[$0]?.contents == nil && isMissing($0) }
        if !gone.isEmpty { changes = ChangeSet(changes.changes.filter { !gone.contains($0.path) }) }
    }
}

extension WorkingTree {
    /// Whether there is no file at a path; what cannot be read counts as there.
    fileprivate func lacks(_ path: BytePath) -> Bool {
        do { return try file(at: path) == nil } catch { return (error as? PatchError)?.code == .isDirectory }
    }
}

extension FileSummary.Kind {
    init(_ kind: FileChangeKind) {
        switch kind {
        case .added: self = .add
        case .deleted: self = .delete
        default: self = .update
        }
    }
}

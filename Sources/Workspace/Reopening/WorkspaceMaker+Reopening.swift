import Glibc
import OS
import Repository
public import Session

extension WorkspaceMaker {
    /// Makes the place of a session again: references, working tree and sandbox as they were at its last step, with
    /// what a process that died had left in the tree.
    ///
    /// - Parameters:
    ///   - kind: The kind of tree that the session has.
    ///   - startsOver: Whether what is left in the tree is nobody's work, because the model has not begun.
    ///   - events: Receives notices for the user.
    /// - Throws: `RepositoryError`, `SandboxError` and `WorkspaceError`; what the session had is left as it was.
    public func reopen(
        _ session: SessionID, in folder: SessionFolder, history: StepHistory, kind: TreeKind, startsOver: Bool,
        policy: SessionPolicy, options: Options, events: any EventSink
    ) async throws -> ReopenedWorkspace {
        try repository.removeLocks(of: [session.steps, "refs/heads/\(session.branch)"])
        let (history, unrecorded) = try catchUp(session, history, events)
        let recorded = unrecorded.first?.before ?? history.head
        let branch = try SessionBranch(reopening: session, in: repository, history: history, events: events)
        for made in [folder.output, folder.temporary] { try SessionFolder.make(made) }
        try removeCheckouts(of: folder)
        if startsOver { try clear(folder, kind) }
        let limit = Int64(options.untrackedByteLimit)
        let maker = SessionTreeMaker(
            repository: repository, session: session, folder: folder, start: history.start,
            work: try ignoredFolders(folder, isNeeded: kind == .overlay), rules: policy, mode: options.sandbox,
            environment: environment, events: events)
        let (tree, isLeft) = try await maker.again(kind)
        tree.files.untrackedByteLimit = limit
        tree.files.defersIndex = true
        tree.files.ignore(ByProducts.patterns)
        if !startsOver, let rules = FileContent.bytes(folder.ignoreRules) {
            tree.files.ignore(lines: rules.split(separator: UInt8(ascii: "\n")).map(Array.init))
        }
        do throws(RepositoryError) {
            if isLeft, !startsOver { try tree.files.finishCommit(since: recorded) }
        } catch {
            _ = tree.keep()
            throw error
        }
        for notice in policy.notices { events.record(.notice(notice)) }
        let workspace = Workspace(
            session: session, folder: folder, repository: repository, tree: tree, base: history.base,
            start: history.start, policy: policy.profile, environment: policy.variables(from: environment),
            leftOut: [])
        return ReopenedWorkspace(
            workspace: workspace, history: history, unrecorded: unrecorded.map(\.step), branch: branch,
            isLeft: isLeft && !startsOver)
    }

    /// Finds where the reference of the steps is; makes it again where it is gone.
    private func catchUp(
        _ session: SessionID, _ recorded: StepHistory, _ events: any EventSink
    ) throws -> (StepHistory, [(step: ReopenedWorkspace.UnrecordedStep, before: CommitID)]) {
        var history = recorded
        guard let target = try repository.target(of: session.steps) else {
            do throws(RepositoryError) { _ = try repository.treeID(of: history.head) } catch {
                throw WorkspaceError(
                    .unsuitable, "the commit \(history.head.hex.prefix(10)) that the session goes on from is gone",
                    nextStep: "begin a new session", underlying: error)
            }
            try repository.createReference(session.steps, at: history.head)
            if !history.steps.isEmpty { events.record(.notice("\(session.steps) was gone; it is made again")) }
            return (history, [])
        }
        if target == history.head { return (history, []) }
        guard try repository.isAncestor(history.head, of: target) else {
            throw WorkspaceError(
                .unsuitable, "\(session.steps) is not at the session's last step, \(history.head.hex.prefix(10))",
                nextStep: "put it back: git update-ref \(session.steps) \(history.head.hex)")
        }
        var found: [(ReopenedWorkspace.UnrecordedStep, CommitID)] = []
        for commit in try repository.log(from: history.head, to: target) {
            let files = try repository.changedFiles(from: history.head, to: commit.id).map {
                FileSummary(path: $0.path, kind: FileSummary.Kind($0.kind))
            }
            let report = CommitReport(id: commit.id.hex, subject: commit.subject, files: files)
            let message = try repository.record(of: commit.id).message
            found.append(
                (.init(report: report, isOfPatches: !StepMessage.isOfCommands(message)), history.head))
            history.take(report, commit.id)
        }
        return (history, found)
    }

    /// Removes the checkouts of verifications that were under way.
    private func removeCheckouts(of folder: SessionFolder) throws(RepositoryError) {
        for root in try repository.ownWorkingTrees() {
            guard let name = FilePath.rest(of: root, below: FilePath.resolved(folder.path) ?? folder.path),
                name.hasPrefix("/verify-"), !name.dropFirst().contains("/")
            else { continue }
            try repository.removeWorkingTree(at: root, in: folder.path)
        }
        for name in FolderListing.names(in: folder.path) where name.hasPrefix("verify-") {
            // What stays is in nobody's way: each verification makes its own.
            try? FolderRemoval.remove("\(folder.path)/\(name)")
        }
    }

    /// Removes a tree in which nobody has done anything.
    private func clear(_ folder: SessionFolder, _ kind: TreeKind) throws(RepositoryError) {
        guard kind != .inPlace else { return }
        let root = FilePath.resolved(folder.tree) ?? folder.tree
        if try repository.ownWorkingTrees().contains(root) {
            try repository.removeWorkingTree(at: folder.tree, in: folder.path)
        }
        // A later clean-up removes what cannot be removed now.
        if access(folder.overlays, F_OK) == 0 { try? FolderRemoval.remove(folder.overlays) }
    }

    /// The ignored folders of the checkout as it is now.
    private func ignoredFolders(_ folder: SessionFolder, isNeeded: Bool) throws(RepositoryError) -> UncommittedWork {
        do throws(RepositoryError) {
            return try repository.uncommittedWork(untrackedLimit: 0, privateFolder: folder.path)
        } catch {
            // Amid a merge git cannot list them, and the tree has none.
            if isNeeded { throw error }
            return UncommittedWork(tree: nil, skipped: [], ignoredFolders: [])
        }
    }
}

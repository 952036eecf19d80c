import Glibc
public import Repository
public import Sandbox
public import Session

/// Makes the workspace of a run: checks the repository, then makes branch, working tree and sandbox.
public struct WorkspaceMaker: Sendable {
    /// The user's repository.
    public let repository: GitRepository
    /// The commit that HEAD is at.
    public let base: CommitID
    let environment: [String: String]

    /// How the working tree is made.
    public struct Options: Sendable {
        /// The kind of tree.
        public var tree: TreeChoice
        /// The kind of sandbox.
        public var sandbox: SandboxMode
        /// The largest untracked file that is committed, in bytes.
        public var untrackedByteLimit: Int

        /// Makes options.
        public init(tree: TreeChoice, sandbox: SandboxMode, untrackedByteLimit: Int) {
            self.tree = tree
            self.sandbox = sandbox
            self.untrackedByteLimit = untrackedByteLimit
        }
    }

    /// Opens the repository that contains a folder; changes nothing.
    ///
    /// - Parameters:
    ///   - environment: The environment Graft was started with.
    ///   - known: The commit that a session which goes on was started from; nil for that of HEAD.
    /// - Throws: `RepositoryError` for a repository that cannot be used, `WorkspaceError` for one without a commit.
    public init(discovering folder: String, environment: [String: String], base known: CommitID? = nil) throws {
        // git may run filters that the repository names, and they must not see the key.
        let plain = environment.filter { !SandboxEnvironment.looksSecret($0.key) }
        repository = try GitRepository(discovering: folder, environment: plain)
        guard let base = try known ?? repository.head.commit else {
            throw WorkspaceError(
                .unsuitable, "\(repository.workingDirectory) has no commit yet",
                nextStep: "make one first, so that there is something to start from")
        }
        if let known {
            do throws(RepositoryError) { _ = try repository.treeID(of: known) } catch {
                throw WorkspaceError(
                    .unsuitable,
                    "\(repository.workingDirectory) lacks the commit \(known.hex.prefix(10)) that the session began at",
                    nextStep: "fetch it, or begin a new session", underlying: error)
            }
        }
        try repository.requireSupport(startingAt: base)
        try repository.requireFilters(startingAt: base)
        try repository.requireWriting()
        self.base = base
        self.environment = environment
    }

    /// Makes the session's branch, working tree and sandbox.
    ///
    /// - Parameter events: Receives notices for the user.
    /// - Throws: `RepositoryError`, `SandboxError` and `WorkspaceError`; what was made before is removed again.
    public func make(
        _ session: SessionID, in folder: SessionFolder, messages: StepMessage, policy: SessionPolicy, options: Options,
        events: any EventSink
    ) async throws -> Workspace {
        let limit = Int64(options.untrackedByteLimit)
        // In place they are in the tree anyway.
        let work = try repository.uncommittedWork(
            untrackedLimit: limit, takesSecrets: options.tree == .inPlace, privateFolder: folder.path)
        for skipped in work.skipped { events.record(.notice("not taken along: \(skipped)")) }
        let start = try commitUncommitted(work, messages, events)
        try repository.createBranch(session.branch, at: start)
        let tree: SessionTree
        do {
            let maker = SessionTreeMaker(
                repository: repository, session: session, folder: folder, start: start, work: work, rules: policy,
                mode: options.sandbox, environment: environment, events: events)
            tree = try await maker.make(options.tree)
        } catch {
            // The branch has no commits; the first error is reported.
            try? repository.deleteBranch(session.branch, at: start)
            throw error
        }
        tree.files.untrackedByteLimit = limit
        // The index is published before a command runs.
        tree.files.defersIndex = true
        tree.files.ignore(ByProducts.patterns)
        for notice in policy.notices { events.record(.notice(notice)) }
        return Workspace(
            session: session, folder: folder, repository: repository, tree: tree, base: base, start: start,
            policy: policy.profile, environment: policy.variables(from: environment),
            leftOut: options.tree == .inPlace ? work.skipped : [])
    }

    /// Commits the user's uncommitted work; returns the commit to start from.
    private func commitUncommitted(
        _ work: UncommittedWork, _ messages: StepMessage, _ events: any EventSink
    ) throws(RepositoryError) -> CommitID {
        if repository.signsCommits {
            events.record(.notice("the session's commits are not signed, whatever commit.gpgSign says"))
        }
        let author = repository.signature(seconds: Int64(time(nil)))
        if !repository.knows(.author) {
            events.record(
                .notice(
                    "the session's commits are by \(author.name) <\(author.email)>: git knows no name and address "
                        + "of yours; set user.name and user.email"))
        }
        guard let tree = work.tree else { return base }
        let start = try repository.writeCommit(
            tree: tree, parent: base, message: messages.uncommittedWork(), author: author)
        events.record(
            .notice(
                "your uncommitted work goes along as the commit \(start.hex.prefix(10)); your files stay as they are"))
        return start
    }
}

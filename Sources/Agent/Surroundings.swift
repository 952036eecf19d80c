import Evidence
import Glibc
import Repository
import Sandbox

/// Everything a run works with before the first request: repository, session, working tree, sandbox.
struct Surroundings {
    let session: SessionID
    let folder: SessionFolder
    let repository: GitRepository
    let tree: WorkingTree
    /// The commit the user's HEAD was at.
    let base: CommitID
    /// The commit the model starts from: `base`, or one more with the user's uncommitted work.
    let start: CommitID
    let sandbox: Sandbox
    /// What the policies come to.
    let policy: SandboxProfile
    let environment: SandboxEnvironment
    let verifier: Verifier
    let isInPlace: Bool

    /// Takes the working tree away; branch and steps too if nothing was committed.
    func leave(commits: Int) throws(RepositoryError) {
        if !isInPlace {
            try repository.removeWorkingTree(at: tree.root, in: folder.path)
            // What cannot be removed now, a clean-up finds.
            if access(folder.overlays, F_OK) == 0 { try? FolderRemoval.remove(folder.overlays) }
        }
        guard commits == 0, tree.head == base else { return }
        try repository.deleteReference(session.steps, at: base)
        if case .branch(session.branch, _) = try repository.head { return }
        do throws(RepositoryError) { try repository.deleteBranch(session.branch, at: base) } catch {
            // What somebody has moved is theirs.
            guard error.code == .referenceMoved || error.code == .notFound else { throw error }
        }
    }
}

extension Run {
    /// What test runners and interpreters leave behind; never committed unless it is tracked already.
    private static let byProducts = [
        "__pycache__/", "*.pyc", ".pytest_cache/", ".mypy_cache/", ".ruff_cache/", ".hypothesis/", ".coverage",
        "*.egg-info/", ".DS_Store",
    ]

    /// Opens the repository and reads what has to be known before anything is made.
    func openRepository() throws -> (GitRepository, CommitID) {
        // git may run filters that the repository names; the key is none of their business.
        let environment = request.environment.filter { !SandboxEnvironment.looksSecret($0.key) }
        let repository = try GitRepository(discovering: request.repository, environment: environment)
        guard let base = try repository.head.commit else {
            throw Ending(
                .usage,
                "\(repository.workingDirectory) has no commit yet; make one first, so that there is something to start from"
            )
        }
        try repository.requireSupport(startingAt: base)
        return (repository, base)
    }

    /// Makes the session's working tree and sandbox.
    func prepare(
        _ repository: GitRepository, base: CommitID, session: SessionID, folder: SessionFolder, messages: StepMessage,
        policy: SessionPolicy, untrackedByteLimit: Int
    ) async throws -> Surroundings {
        let limit = Int64(untrackedByteLimit)
        let work = try repository.uncommittedWork(untrackedLimit: limit, privateFolder: folder.path)
        for skipped in work.skipped { journal.record(.notice("not taken along: \(skipped)")) }
        if repository.signsCommits {
            journal.record(.notice("the session's commits are not signed, whatever commit.gpgSign says"))
        }
        let signature = repository.signature(seconds: Int64(time(nil)))
        if !repository.knows(.author) {
            journal.record(
                .notice(
                    "the session's commits are by \(signature.name) <\(signature.email)>: git knows no name and address "
                        + "of yours; set user.name and user.email"))
        }
        var start = base
        if let uncommitted = work.tree {
            start = try repository.writeCommit(
                tree: uncommitted, parent: base, message: messages.uncommittedWork(), author: signature)
        }
        if start != base {
            journal.record(
                .notice(
                    "your uncommitted work goes along as the commit \(start.hex.prefix(10)); commit yours before you take "
                        + "the session's"))
        }
        let tree: WorkingTree
        try repository.createBranch(session.branch, at: start)
        do throws(RepositoryError) {
            if request.isInPlace {
                try repository.createReference(session.steps, at: start)
                tree = try WorkingTree(inPlace: repository, reference: session.steps, privateFolder: folder.path)
            } else {
                tree = try repository.addWorkingTree(at: folder.tree, reference: session.steps, commit: start)
            }
        } catch {
            // Nothing is on it; the first error is the one to tell.
            try? repository.deleteBranch(session.branch, at: start)
            throw error
        }
        tree.untrackedByteLimit = limit
        // What a command may read of git's own is written before the command runs.
        tree.defersIndex = true
        tree.ignore(Self.byProducts)
        let rules = policy
        var policy = rules.policy(
            workingTree: tree.root, of: repository, temporaryFolder: folder.temporary, environment: request.environment)
        let ignored = IgnoredFolders(work, of: repository.workingDirectory, policy: policy)
        do {
            if !request.isInPlace { policy.overlays = try ignored.lend(to: tree.root, store: folder.overlays) }
            let environment = rules.variables(from: request.environment)
            let sandbox = try await Sandbox.probe(
                mode: request.sandbox, policy: policy, searchPath: environment["PATH"] ?? "")
            if case .missing = sandbox.overlaySupport { IgnoredFolders.withdraw(policy.overlays) }
            if !request.isInPlace {
                IgnoredFolders.notices(ignored, policy.overlays, sandbox.overlaySupport, root: tree.root)
                    .forEach { journal.record(.notice($0)) }
            }
            policy.overlays = []
            return Surroundings(
                session: session, folder: folder, repository: repository, tree: tree, base: base, start: start,
                sandbox: sandbox, policy: rules.profile, environment: environment,
                verifier: Verifier(
                    repository: repository, folder: folder.path, mode: request.sandbox, policy: policy, ignored: ignored
                ),
                isInPlace: request.isInPlace)
        } catch {
            // Nothing has run in it yet; the first error is the one to tell.
            if !request.isInPlace {
                try? repository.removeWorkingTree(at: tree.root, in: folder.path)
                if access(folder.overlays, F_OK) == 0 { try? FolderRemoval.remove(folder.overlays) }
            }
            try? repository.deleteReference(session.steps, at: start)
            try? repository.deleteBranch(session.branch, at: start)
            throw error
        }
    }
}

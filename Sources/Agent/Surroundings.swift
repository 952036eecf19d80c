import Evidence
import Glibc
import Repository
import Sandbox
import Session

/// Everything a run works with before the first request: repository, session, working tree, sandbox.
struct Surroundings {
    let session: SessionID
    let folder: SessionFolder
    let repository: GitRepository
    let place: SessionTree
    /// The commit the user's HEAD was at.
    let base: CommitID
    /// The commit the model starts from: `base`, or one more with the user's uncommitted work.
    let start: CommitID
    /// What the policies come to.
    let policy: SandboxProfile
    let environment: SandboxEnvironment

    var tree: WorkingTree { place.files }
    var sandbox: Sandbox { place.sandbox }

    /// Takes the working tree away; branch and steps too if nothing was committed.
    func leave(commits: Int) throws(RepositoryError) {
        try place.remove(from: folder, of: repository)
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
        try repository.createBranch(session.branch, at: start)
        let tree: SessionTree
        do {
            let maker = SessionTreeMaker(
                repository: repository, session: session, folder: folder, start: start, work: work, rules: policy,
                mode: request.sandbox, environment: request.environment, journal: journal)
            tree = try await maker.make(request.tree)
        } catch {
            // Nothing is on it; the first error is the one to tell.
            try? repository.deleteBranch(session.branch, at: start)
            throw error
        }
        tree.files.untrackedByteLimit = limit
        // What a command may read of git's own is written before the command runs.
        tree.files.defersIndex = true
        tree.files.ignore(Self.byProducts)
        return Surroundings(
            session: session, folder: folder, repository: repository, place: tree, base: base, start: start,
            policy: policy.profile, environment: policy.variables(from: request.environment))
    }
}

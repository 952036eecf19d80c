import Glibc
import OS
public import Repository
import Sandbox
public import Session

/// The review of one session: its series of commits, and what can be done to them.
///
/// Everything is read from disk when it is asked for, so that several programs can look at one session; a lock keeps
/// changes apart. What fails throws `ReviewError`, `RepositoryError` or `SessionError` and changes nothing.
public struct ReviewSession: Sendable {
    /// The session's name.
    public let id: SessionID
    /// How the session began and ended.
    public let summary: SessionSummary
    /// The user's checkout: what is accepted goes to the branch that is checked out there.
    public let repository: GitRepository
    /// The commit that the series begins after.
    public let start: CommitID
    /// Why there is nothing to review, if no session was named and none has commits.
    public let want: ReviewError?
    /// The environment of commands and of `git`.
    let environment: [String: String]

    /// The branch of the session (short name).
    public var branch: String { summary.start?.branch ?? id.branch }
    /// The branch of the session (full name).
    var reference: String { "refs/heads/\(branch)" }
    /// The session's command, if it has one.
    public var command: String? { summary.start?.command }

    var log: ReviewLog { ReviewLog(summary.folder) }

    /// Opens the review of a session of a repository.
    ///
    /// Fails with `usage` when the session belongs to another repository or has not come to its first commit.
    init(
        _ id: SessionID, store: SessionStore, repository: GitRepository, environment: [String: String],
        want: ReviewError? = nil
    ) throws {
        let summary = try store.summary(of: id)
        guard let run = summary.start, let start = CommitID(run.start) else {
            throw ReviewError(.usage, "the session \(id) ended before it began to work: there is nothing to review")
        }
        guard Self.belongs(run, to: repository, environment) else {
            throw ReviewError(
                .usage, "the session \(id) is one of \(run.repository)", nextStep: "go there, or name it with --repo")
        }
        self.id = id
        self.summary = summary
        self.repository = repository
        self.start = start
        self.want = want
        self.environment = environment
    }

    /// Finds a session by its name, the start or end of one, or the latest of a repository.
    ///
    /// - Parameters:
    ///   - text: What a person calls it; nil for the latest.
    ///   - folder: A folder in the repository, in any of its working trees.
    /// - Throws: `SessionError` and `ReviewError` where there is no such session to review, `RepositoryError` for the folder.
    public static func find(
        _ text: String?, in folder: String, environment: [String: String]
    ) throws -> ReviewSession {
        let store = SessionStore(environment: environment)
        let repository = try GitRepository(
            discovering: folder, environment: environment.filter { !SandboxEnvironment.looksSecret($0.key) })
        try repository.doWithoutUnreadableIndex()
        guard let text else { return try latest(of: repository, store, environment) }
        let id = try store.resolve(text, repository: nil)
        return try ReviewSession(id, store: store, repository: repository, environment: environment)
    }

    /// The commits of the series, oldest first: those between `start` and the session's branch.
    ///
    /// - Throws: `ReviewError` for a branch that is gone or stands elsewhere; `RepositoryError` from git.
    public func series() throws -> [ReviewedCommit] {
        let log = log.read()
        let (chain, evidence) = (try chain(), JournalEvidence(summary, repository: repository))
        let states = try states(of: chain, log)
        return try chain.enumerated().map { index, commit in
            let files = try commit.parents.first.map { try repository.changedFiles(from: $0, to: commit.id) } ?? []
            return ReviewedCommit(
                number: index + 1, commit: commit, state: states[index], files: files,
                evidence: evidence.evidence(for: commit, files: files, own: log.verifications[commit.tree]))
        }
    }

    /// The commit that a person means by a number of the list or the start of an id.
    ///
    /// - Throws: `ReviewError` for a text that names no commit, or several.
    public func commit(_ text: String, in series: [ReviewedCommit]) throws -> ReviewedCommit {
        if let number = Int(text), let commit = series.first(where: { $0.number == number }) { return commit }
        let matches = text.count < 4 ? [] : series.filter { $0.id.hex.hasPrefix(text.lowercased()) }
        guard matches.count < 2 else {
            throw ReviewError(
                .usage, "\"\(text)\" may be \(matches.count) commits of the series", nextStep: "give more digits")
        }
        guard let match = matches.first else {
            throw ReviewError(
                .usage, "unknown commit \"\(text)\"",
                nextStep: series.isEmpty
                    ? "the series is empty" : "give a number from 1 to \(series.count), or the start of an id")
        }
        return match
    }

    /// The difference that a commit makes, in the pieces that `split` takes.
    ///
    /// - Throws: `RepositoryError` if git cannot read the commit.
    public func diff(of commit: ReviewedCommit) throws -> TreeDiff {
        let parent = commit.commit.parents.first ?? start
        return try repository.treeDiff(from: try repository.treeID(of: parent), to: commit.commit.tree)
    }

    /// The commits alone, without state and evidence.
    func chain() throws -> [CommitRecord] {
        guard let tip = try repository.target(of: reference) else {
            // A run without commits leaves no branch.
            if let result = summary.result, result.commits.isEmpty, log.read().nextNumber == 1 { return [] }
            let steps = "refs/graft/\(id)/steps"
            let last = try repository.target(of: steps).map { _ in steps } ?? summary.result?.commit
            throw ReviewError(
                .refused, "the branch \(branch) is gone",
                nextStep: last.map { "bring it back with: git branch \(branch) \($0)" })
        }
        guard try repository.isAncestor(start, of: tip) else {
            throw ReviewError(
                .refused,
                "the branch \(branch) no longer contains \(start.hex.prefix(10)), where the session began",
                nextStep: "review it with git")
        }
        return try repository.chain(from: start, to: tip)
    }

    var committer: Signature { repository.signature(for: .committer, seconds: Int64(time(nil))) }

    /// The state of each commit: accepted if it is still on the branch it was accepted onto, or if the user merged it
    /// with git.
    private func states(of chain: [CommitRecord], _ log: ReviewState) throws -> [ReviewedCommit.State] {
        let accepted = try log.accepted.filter { _, value in
            guard value.reference.hasPrefix("refs/") else { return true }
            guard let tip = try repository.target(of: value.reference) else { return false }
            return try repository.isAncestor(value.commit, of: tip)
        }
        var merged: (count: Int, reference: String) = (0, "")
        let head = try repository.head
        if let tip = chain.last?.id, let commit = head.commit, head.branchName != branch,
            let base = try repository.mergeBase(of: commit, and: tip), base != start
        {
            merged.count = (chain.firstIndex { $0.id == base } ?? -1) + 1
            merged.reference = head.branchName.map { "refs/heads/\($0)" } ?? "HEAD"
        }
        return chain.enumerated().map { index, commit in
            if let place = accepted[commit.id] { return .accepted(place.commit, reference: place.reference) }
            return index < merged.count ? .accepted(commit.id, reference: merged.reference) : .pending
        }
    }

    private static func latest(
        of repository: GitRepository, _ store: SessionStore, _ environment: [String: String]
    ) throws -> ReviewSession {
        var newest: SessionID?
        for id in store.identifiers() {
            // Sessions that cannot be read are skipped.
            guard let summary = try? store.summary(of: id), let run = summary.start,
                belongs(run, to: repository, environment)
            else { continue }
            newest = newest ?? id
            // One that committed nothing must not hide one that did; a series that a review has emptied can be undone.
            let session = { try ReviewSession(id, store: store, repository: repository, environment: environment) }
            if summary.isRunning || access(summary.folder.reviewLog, F_OK) == 0 { return try session() }
            if let session = try? session(), let chain = try? session.chain(), !chain.isEmpty { return session }
        }
        guard let newest else {
            throw ReviewError(
                .usage, "there is no session of \(repository.workingDirectory) yet",
                nextStep: "graft fix and graft run make them")
        }
        let want = ReviewError(
            .usage, "no session of \(repository.workingDirectory) has commits to review",
            nextStep: "graft fix and graft run make some, and graft sessions lists the sessions")
        return try ReviewSession(newest, store: store, repository: repository, environment: environment, want: want)
    }

    private static func belongs(
        _ run: RunStart, to repository: GitRepository, _ environment: [String: String]
    ) -> Bool {
        if FilePath.isSame(run.repository, repository.workingDirectory) { return true }
        // A working tree that no longer exists belongs to no repository.
        let other = try? GitRepository(discovering: run.repository, environment: environment)
        return other?.isSame(as: repository) == true
    }
}

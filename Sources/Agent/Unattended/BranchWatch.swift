import OS
import Repository
import Session

/// The branch on the remote that a run is about, and where it was when the run began.
struct BranchWatch: Sendable {
    private let branch: RemoteBranch
    private let commit: CommitID
    private let repository: GitRepository

    /// How long the remote may take to say where the branch is.
    private static let patience: Duration = .seconds(20)

    /// Finds the branch: the one of the change that CI was started for, else the one that the checked-out branch follows.
    ///
    /// - Throws: `RunEnding` with the verdict `usage` where there is none to watch.
    init(_ change: TriggeringChange?, in repository: GitRepository, at base: CommitID) throws {
        self.repository = repository
        if let name = change?.branch, repository.hasRemote("origin") {
            branch = RemoteBranch(remote: "origin", branch: name)
            commit = change?.head.flatMap { CommitID($0) } ?? base
            return
        }
        guard case .branch(let name, _) = try repository.head, let upstream = repository.upstream(of: name) else {
            throw RunEnding(
                .usage, "there is no branch on a remote to watch (--stop-if-moved): the checkout follows none")
        }
        branch = upstream
        // What was fetched last is what the person's work is about.
        commit = try repository.target(of: "refs/remotes/\(upstream.remote)/\(upstream.branch)") ?? base
    }

    /// The branch that a session which goes on has watched; nil for none.
    init?(_ upstream: RunStart.Upstream?, in repository: GitRepository) {
        guard let upstream, let commit = CommitID(upstream.commit) else { return nil }
        branch = RemoteBranch(remote: upstream.remote, branch: upstream.branch)
        self.commit = commit
        self.repository = repository
    }

    /// What the start of the run records.
    var upstream: RunStart.Upstream {
        RunStart.Upstream(remote: branch.remote, branch: branch.branch, commit: commit.hex)
    }

    /// Whether the branch is still there, as a sentence if not; a remote that cannot be asked is told as a notice.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled; nothing waits for the network then.
    func movement(telling events: any EventSink) async throws -> String? {
        let (answers, answer) = AsyncStream<Result<CommitID?, RepositoryError>>.makeStream()
        CommandThread.start { [self] in
            answer.yield(
                Result { () throws(RepositoryError) in try repository.head(of: branch, within: Self.patience) })
            answer.finish()
        }
        for await result in answers {
            switch result {
            case .failure(let error):
                events.record(.notice("whether \(branch.named) has moved cannot be told: \(error.description)"))
                return nil
            case .success(let now):
                guard now != commit else { return nil }
                let place = now.map { "is at \($0.hex.prefix(10)) by now" } ?? "is not there any more"
                return "\(branch.named) \(place), and this run is about \(commit.hex.prefix(10))"
            }
        }
        throw CancellationError()
    }
}

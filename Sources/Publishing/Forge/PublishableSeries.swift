public import Repository
public import Session
import Text

/// The commits that are to be published, and what is known of them.
public struct PublishableSeries: Sendable {
    /// How far a series is proven.
    public enum Standing: Sendable, Equatable {
        /// The command passes on the last commit, and nothing speaks against it.
        case proven
        /// It passes, and a person has to judge the doubts.
        case doubtful
        /// Nothing proves it; why, in words.
        case unproven(String)
    }

    /// The session's name.
    public let session: String
    /// What the run came to.
    public let result: RunResult
    /// What it worked on; nil if that is not known.
    public let start: RunStart?
    /// The commit that the series begins after.
    public let base: CommitID
    /// The commits, oldest first, never empty.
    public let commits: [CommitRecord]
    /// How far it is proven.
    public let standing: Standing

    /// The last commit.
    public var tip: CommitID { commits.last?.id ?? base }

    /// Takes a series whose commits are in a repository.
    ///
    /// - Parameter tip: The commit to publish.
    /// - Throws: `refused` for what is no plain series upon the base, `RepositoryError` from git.
    public init(
        session: String, result: RunResult, start: RunStart?, base: CommitID, tip: CommitID,
        in repository: GitRepository
    ) throws {
        self.session = Self.plain(session)
        self.result = result
        self.start = start
        self.base = base
        guard try repository.isAncestor(base, of: tip) else {
            throw ForgeError(
                .refused, "the commit \(tip.short) is not built upon \(base.short), where the session began",
                nextStep: "is the result of another run?")
        }
        commits = try repository.chain(from: base, to: tip)
        guard !commits.isEmpty else { throw ForgeError(.refused, "there are no commits to publish") }
        if let merge = commits.first(where: { $0.parents.count > 1 }) {
            throw ForgeError(.refused, "the series has a merge, \(merge.id.short), which Graft never makes")
        }
        standing = try Self.standing(result, of: tip, in: repository)
    }

    /// Refuses a series that changes what defines the work of a CI system: whoever publishes it lends it rights.
    public func requireNoDefinitions(in repository: GitRepository) throws {
        var parent = base
        // A later commit may undo what an earlier one did, and both are published.
        for commit in commits {
            for file in try repository.changedFiles(from: parent, to: commit.id) {
                let paths = [file.path, file.oldPath].compactMap { $0?.text }
                guard let path = paths.first(where: Self.isDefinition) else { continue }
                throw ForgeError(
                    .refused,
                    "the commit \(commit.id.short) changes \(path.marked), which tells the CI system what to run",
                    nextStep: "look at it, and say --allow-ci-changes if it is right")
            }
            parent = commit.id
        }
    }

    /// Whether a path tells a CI system what to run.
    static func isDefinition(_ path: String) -> Bool {
        let path = path.lowercased()
        let folders = [
            ".github/workflows/", ".github/actions/", ".gitlab/ci/", ".circleci/", ".buildkite/", ".forgejo/",
            ".gitea/",
        ]
        let files = [
            ".gitlab-ci.yml", ".gitlab-ci.yaml", "jenkinsfile", "azure-pipelines.yml", ".travis.yml", ".cirrus.yml",
            "bitbucket-pipelines.yml", ".drone.yml", "action.yml", "action.yaml",
        ]
        return folders.contains { path.hasPrefix($0) } || files.contains(path)
    }

    private static func standing(
        _ result: RunResult, of tip: CommitID, in repository: GitRepository
    ) throws -> Standing {
        guard result.verdict == .fixed || result.verdict == .needsReview else {
            return .unproven("the verdict is \(result.verdict.rawValue): \(result.verdict.explanation)")
        }
        guard let verification = result.verification, verification.report.isSuccess else {
            return .unproven("no run of the command proves it")
        }
        guard let verified = CommitID(verification.commit), try isSame(verified, tip, in: repository) else {
            return .unproven("what was verified are other files than those of \(tip.short)")
        }
        return result.verdict == .fixed && verification.isProof ? .proven : .doubtful
    }

    /// Whether both commits have the same files.
    private static func isSame(_ one: CommitID, _ other: CommitID, in repository: GitRepository) throws -> Bool {
        if one == other { return true }
        // A commit that is not here proves nothing.
        guard let tree = try? repository.treeID(of: one) else { return false }
        return try tree == repository.treeID(of: other)
    }

    /// A name that ends no comment of Markdown.
    private static func plain(_ name: String) -> String {
        let kept = name.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
        return kept.isEmpty || kept.contains("--") ? "unknown" : String(kept.prefix(80))
    }
}

extension CommitID {
    /// The beginning, for people.
    var short: String { String(hex.prefix(10)) }
}

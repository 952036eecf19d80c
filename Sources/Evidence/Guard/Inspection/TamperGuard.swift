public import Repository
import Session
import Text

/// Looks at what a series changes, for changes that make a command pass without doing what it asks for.
///
/// Its work is proportional to the change, not to the repository. Nothing of the repository is run.
public struct TamperGuard: Sendable {
    private let repository: GitRepository
    private let start: CommitID
    private let rules: ProtectedPaths

    /// Larger files are not looked into.
    static let textLimit = 4 << 20

    /// Makes a guard.
    ///
    /// - Parameters:
    ///   - start: What the series is compared with: the base, and the user's uncommitted work.
    ///   - rules: Which paths are protected.
    public init(repository: GitRepository, start: CommitID, rules: ProtectedPaths) {
        self.repository = repository
        self.start = start
        self.rules = rules
    }

    /// Looks at the change from the start to a commit.
    ///
    /// - Throws: `RepositoryError` for what cannot be read, or not be written for the commits that are made.
    public func inspect(_ tip: CommitID) throws(RepositoryError) -> Inspection {
        var inspection = Inspection()
        guard !rules.isEmpty else { return inspection }
        let diff = try repository.treeDiff(
            from: repository.treeID(of: start), to: repository.treeID(of: tip), textLimit: Self.textLimit)
        let changes = try ChangeSorter(repository, rules).sort(diff)
        inspection.protectedChanges = changes.protected.map(\.change).sorted { $0.path < $1.path }
        inspection.newTests = changes.newTests.map(\.path).sorted()
        let restored = changes.protected.map(\.file)
        if !restored.isEmpty {
            inspection.restored = try commit(try repository.tree(restoring: restored, of: diff))
        }
        if !changes.newTests.isEmpty {
            inspection.withoutNewTests = try commit(
                try repository.tree(restoring: restored + changes.newTests, of: diff))
        }
        let doubts = try DoubtFinder(repository: repository, start: start, tip: tip, rules: rules).doubts(changes)
        inspection.doubts = doubts.map { doubt in
            var doubt = doubt
            // Whoever lets a path change takes what its change means upon themselves; it is told all the same.
            if let path = doubt.path, rules.allows(BytePath(path)) { doubt.isDecisive = false }
            return doubt
        }
        return inspection
    }

    /// Makes a commit of a tree that no reference leads to, the same one for the same tree.
    private func commit(_ tree: TreeID) throws(RepositoryError) -> CommitID {
        let signature = Signature(name: "Graft", email: "graft@localhost", seconds: 0)
        return try repository.writeCommit(
            tree: tree, parent: start, message: CommitMessage(subject: "Protected paths as at the start"),
            author: signature)
    }
}

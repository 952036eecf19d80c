import Foundation
import Repository
import TestSupport
import Testing

/// A repository with a chain of commits on top of `main`.
struct SeriesFixture {
    let fixture: GitFixture
    let repository: GitRepository
    let base: CommitID
    let commits: [CommitID]
    let committer = Signature(name: "C", email: "c@example.com", seconds: 1_800_000_000)

    /// Each step is a subject and what the files become; nil deletes.
    init(_ files: [String: String], _ steps: [(String, [String: String?])]) throws {
        fixture = try GitFixture(files)
        for (subject, changes) in steps {
            for (path, text) in changes {
                if let text { try fixture.write(path, text) } else { try fixture.remove(path) }
            }
            try fixture.git("add", "-A")
            try fixture.git("commit", "-q", "--allow-empty", "-m", "\(subject)\n\nWhy \(subject).\n\nStep: \(subject)")
        }
        let repository = try fixture.open()
        self.repository = repository
        base = try repository.resolve("HEAD~\(steps.count)")
        commits = try (0..<steps.count).reversed().map { try repository.resolve("HEAD~\($0)") }
    }

    /// Applies edits by position and requires that nothing is in the way.
    func rewrite(_ edits: [Int: SeriesEdit]) throws -> SeriesRewrite {
        try apply(edits).get()
    }

    func apply(_ edits: [Int: SeriesEdit]) throws -> Result<SeriesRewrite, SeriesConflict> {
        let named = Dictionary(uniqueKeysWithValues: edits.map { (commits[$0.key], $0.value) })
        return try repository.rewrite(commits, onto: base, edits: named, committer: committer)
    }

    func subjects(_ commits: [CommitID]) throws -> [String] {
        try commits.map { try repository.record(of: $0).parts.subject }
    }

    func tree(_ commit: CommitID) throws -> TreeID { try repository.treeID(of: commit) }
}

/// Forty lines, some of them replaced.
func lines(_ changes: [Int: String] = [:]) -> String {
    (1...40).map { (changes[$0] ?? "line \($0)") + "\n" }.joined()
}

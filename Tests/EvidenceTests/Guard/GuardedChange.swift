import Foundation
import Repository
import TestSupport
import Text

@testable import Evidence

/// A small repository, a change of it, and what the guard says.
struct GuardedChange {
    let fixture: GitFixture
    let repository: GitRepository
    let start: CommitID
    let tip: CommitID
    let inspection: Inspection

    init(
        _ files: [String: String], command: String = "python3 -m pytest", choice: ProtectionChoice? = nil,
        change: (GitFixture) throws -> Void
    ) throws {
        fixture = try GitFixture(files)
        repository = try fixture.open()
        start = try repository.resolve("HEAD")
        try change(fixture)
        try fixture.git("add", "-A", "-f")
        try fixture.git("commit", "-q", "--allow-empty", "-m", "Change")
        tip = try repository.resolve("HEAD")
        let rules = try ProtectedPaths(
            choice ?? ProtectionChoice(usesDefaults: true), command: command, in: repository, at: start)
        inspection = try TamperGuard(repository: repository, start: start, rules: rules).inspect(tip)
    }

    /// The changes as `kind path` or `kind old -> new`.
    var changes: [String] {
        inspection.protectedChanges.map { change in
            "\(change.kind.rawValue) " + (change.oldPath.map { "\($0.text) -> " } ?? "") + change.path.text
        }
    }

    /// The files of a commit.
    func files(of commit: CommitID?) throws -> [String] {
        guard let commit else { return [] }
        return try fixture.git("ls-tree", "-r", "--name-only", commit.hex).split(separator: "\n").map(String.init)
    }

    /// What is in a file of a commit.
    func text(_ path: String, of commit: CommitID?) throws -> String {
        guard let commit else { return "" }
        return try fixture.git("show", "\(commit.hex):\(path)")
    }
}

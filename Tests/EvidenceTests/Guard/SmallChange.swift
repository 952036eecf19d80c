import Patching
import Repository
import Session
import TestSupport
import Text

@testable import Evidence

/// A change of a few files, and what is to be found in it.
struct SmallChange: Sendable {
    let name: String
    let before: [String: String]
    /// Nil deletes a file.
    let after: [String: String?]
    let command: String
    /// The kinds of the decisive doubts; none for an honest change.
    let kinds: Set<Doubt.Kind>

    /// One file that is changed.
    init(
        _ name: String, _ path: String, _ before: String?, _ after: String?, command: String = "python3 -m pytest",
        with others: [String: String] = [:], _ kinds: Doubt.Kind...
    ) {
        self.name = name
        self.before = before.map { others.merging([path: $0]) { $1 } } ?? others
        self.after = [path: after]
        self.command = command
        self.kinds = Set(kinds)
    }

    /// What the guard says.
    func inspection(in repository: GitRepository, onto root: CommitID, author: Signature) throws -> Inspection {
        func commit(_ files: [String: String?], onto parent: CommitID) throws -> CommitID {
            let changes = ChangeSet(
                files.sorted { $0.key < $1.key }.map { path, text in
                    FileChange(
                        path: BytePath(path), contents: text.map { Array($0.utf8) },
                        mode: text?.hasPrefix("#!") == true ? .executable : nil)
                })
            let reference = "refs/heads/step-\(UInt64.random(in: 0...UInt64.max))"
            try repository.createReference(reference, at: parent)
            return try repository.commit(
                changes, onto: parent, message: CommitMessage(subject: "Step"), author: author, reference: reference)
        }
        let start = before.isEmpty ? root : try commit(before, onto: root)
        let tip = try commit(after, onto: start)
        let rules = try ProtectedPaths(
            ProtectionChoice(usesDefaults: true), command: command, in: repository, at: start)
        return try TamperGuard(repository: repository, start: start, rules: rules).inspect(tip)
    }
}

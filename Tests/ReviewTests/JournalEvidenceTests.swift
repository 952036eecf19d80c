import Evidence
import Foundation
import Session
import Testing
import Text

@testable import Repository
@testable import Review

@Suite struct JournalEvidenceTests {
    private let root: String
    private let repository: GitRepository
    private let store: SessionStore
    private let session = SessionID("20261121-0000-aaaa")
    private let folder: SessionFolder

    init() throws {
        root = FileManager.default.temporaryDirectory.path + "/graft-test-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: root + "/repo", withIntermediateDirectories: true)
        let environment = ["XDG_STATE_HOME": root, "HOME": root, "PATH": "/usr/bin:/bin"]
        let git = Process()
        git.executableURL = URL(fileURLWithPath: "/usr/bin/git")
        git.arguments = ["init", "-q", root + "/repo"]
        try git.run()
        git.waitUntilExit()
        repository = try GitRepository(discovering: root + "/repo", environment: environment)
        folder = try SessionFolder(session, environment: environment)
        store = SessionStore(environment: environment)
    }

    /// A commit with a step number in its trailers, and the files it would change.
    private func commit(step: String?, text: String) throws -> CommitRecord {
        let tree = try repository.emptyTree()
        let signature = Signature(name: "A", email: "a@example.com", seconds: 1)
        let id = try repository.writeCommit(
            tree: tree, parent: nil,
            message: CommitMessage(subject: text, trailers: step.map { [.init("Graft-Step", $0)] } ?? []),
            author: signature)
        return try repository.record(of: id)
    }

    private func command(_ line: String, _ exit: Int, _ output: String = "") -> String {
        #"{"type":"item.completed","t_ms":1,"item":{"id":"i","type":"command_execution","command":"\#(line)","#
            + #""aggregated_output":"\#(output)","exit_code":\#(exit),"ending":"exit \#(exit)","duration_ms":5,"output_bytes":0}}"#
    }

    private func step(_ commit: CommitRecord, _ path: String) -> String {
        #"{"type":"commit.created","t_ms":1,"commit":{"id":"\#(commit.id)","subject":"s","#
            + #""changes":[{"path":"\#(path)","kind":"update"}]}}"#
    }

    @Test func `a commit has the commands on its two sides`() throws {
        let (first, second) = (try commit(step: "2", text: "one"), try commit(step: "4", text: "two"))
        let ordered = try commit(step: "2, 4", text: "both")
        let byFile = try commit(step: nil, text: "by file")
        let other = try commit(step: nil, text: "other")
        let lines = [
            #"{"type":"baseline.completed","t_ms":1,"exit_code":1,"ending":"exit 1","duration_ms":3,"failures":[]}"#,
            #"{"type":"turn.started","t_ms":1,"turn":1}"#, command("look", 0), command("test", 1),
            #"{"type":"turn.started","t_ms":1,"turn":2}"#, step(first, "a"),
            #"{"type":"turn.started","t_ms":1,"turn":3}"#, command("test one", 0),
            #"{"type":"turn.started","t_ms":1,"turn":4}"#, step(second, "b"), command("test two", 1),
            #"{"type":"response.item","t_ms":1,"item":{"type":"item.completed"}}"#, "torn",
        ]
        try Data(lines.map { $0 + "\n" }.joined().utf8).write(to: URL(fileURLWithPath: folder.journal))
        let evidence = JournalEvidence(try store.summary(of: session), repository: repository)
        let file = ChangedFile(path: "b", oldPath: nil, kind: .modified, added: 1, removed: 1)
        let cases: [(CommitRecord, [ChangedFile], [String], [String], [CommitID])] = [
            (first, [], ["look", "test"], ["test one"], [first.id]),
            (second, [], ["test one"], ["test two"], [second.id]),
            (ordered, [], ["look", "test"], ["test two"], [first.id, second.id]),
            (byFile, [file], [], [], [second.id]),
            (other, [], [], [], []),
        ]
        for (commit, files, before, after, steps) in cases {
            let found = evidence.evidence(for: commit, files: files, own: nil)
            #expect(found.before.map(\.command) == before, "\(commit.message)")
            #expect(found.after.map(\.command) == after, "\(commit.message)")
            #expect(found.steps == steps, "\(commit.message)")
            #expect(found.baseline?.report.exitCode == 1)
            #expect(found.own == nil)
        }
        #expect(evidence.evidence(for: first, files: [], own: nil).before.map(\.turn) == [1, 1])
    }

    private func milestone(_ kind: String, _ summary: String, _ evidence: String = "{}") -> String {
        #"{"type":"milestone.reported","t_ms":61000,"turn":3,"milestone":"\#(kind)","summary":"\#(summary)","#
            + #""evidence":\#(evidence),"by":"model"}"#
    }

    @Test func `a commit has the milestones on the way to it and by it, and those that name it`() throws {
        let (first, second) = (try commit(step: "2", text: "one"), try commit(step: "4", text: "two"))
        let (byFile, other) = (try commit(step: nil, text: "by file"), try commit(step: nil, text: "other"))
        let lines = [
            milestone("reproduced", "seen"), milestone("root_cause", "cause", #"{"file":"./src/b","line":3}"#),
            #"{"type":"turn.started","t_ms":1,"turn":2}"#, step(first, "a"), milestone("fix_applied", "one"),
            milestone("root_cause", "second cause"),
            milestone("progress", "early", #"{"commit":"\#(second.id.hex.prefix(8).uppercased())"}"#),
            #"{"type":"turn.started","t_ms":1,"turn":4}"#, step(second, "src/b"), milestone("verified", "all"),
            milestone("nothing", "unknown"),
        ]
        try Data(lines.map { $0 + "\n" }.joined().utf8).write(to: URL(fileURLWithPath: folder.journal))
        let evidence = JournalEvidence(try store.summary(of: session), repository: repository)
        let file = ChangedFile(path: "src/b", oldPath: nil, kind: .modified, added: 1, removed: 1)
        let cases: [(CommitRecord, [ChangedFile], [String])] = [
            (first, [], ["seen", "cause", "one"]), (second, [file], ["cause", "second cause", "early", "all"]),
            (byFile, [file], ["cause", "early"]), (other, [], []),
        ]
        for (commit, files, summaries) in cases {
            let found = evidence.evidence(for: commit, files: files, own: nil).milestones
            #expect(found.map(\.milestone.summary) == summaries, "\(commit.message)")
            #expect(found.allSatisfy { $0.place == "turn 3, after 1 min 1 s" }, "\(found.map(\.place))")
        }
    }

    @Test func `a commit that was ordered afterwards has only the commands about its files`() throws {
        let (first, second) = (try commit(step: "2", text: "one"), try commit(step: "4", text: "two"))
        let ordered = try commit(step: nil, text: "ordered")
        let start =
            #"{"type":"run.started","t_ms":1,"repository":"\#(root)/repo","base":"\#(first.id)","start":"\#(first.id)","#
            + #""branch":"b","tree":"t","model":"m","endpoint":"e","sandbox":"s","time":1,"command":"make check"}"#
        let lines = [
            start, command("python3 pkg/parser.py", 0), command("ls", 0, "pkg parser.py"),
            command("python other.py", 0), step(first, "pkg/parser.py"), command("python other.py", 0),
            command("pytest", 1, "FAILED tests/test_parser.py::test_x"), step(second, "other.py"),
            command("git status", 0, " M pkg/parser.py"), command("python -m pkg.parser", 0),
            command("cd x && make check", 0), command("python reparser2.py", 0, "xparser.py"),
        ]
        try Data(lines.map { $0 + "\n" }.joined().utf8).write(to: URL(fileURLWithPath: folder.journal))
        let evidence = JournalEvidence(try store.summary(of: session), repository: repository)
        let file = ChangedFile(path: "pkg/parser.py", oldPath: nil, kind: .modified, added: 1, removed: 1)
        let found = evidence.evidence(for: ordered, files: [file], own: nil)
        #expect(found.before.map(\.command) == ["python3 pkg/parser.py"])
        #expect(found.after.map(\.command) == ["pytest", "python -m pkg.parser", "cd x && make check"])
    }

    @Test func `what only shows things is no evidence, unless it is what decides`() throws {
        let step = try commit(step: "1", text: "one")
        let start =
            #"{"type":"run.started","t_ms":1,"repository":"\#(root)/repo","base":"\#(step.id)","start":"\#(step.id)","#
            + #""branch":"b","tree":"t","model":"m","endpoint":"e","sandbox":"s","time":1,"command":"grep right a"}"#
        let reads = ["sed -n 1,9p a", "grep -n x a", "rg x", "cd b; git log -3", "git diff | head", "cat a; ls"]
        let lines =
            [start] + reads.map { command($0, 0) } + [command("make", 1), self.step(step, "a")]
            + reads.map { command($0, 0) } + [command("grep right a", 0), command("cmp a b", 0)]
        try Data(lines.map { $0 + "\n" }.joined().utf8).write(to: URL(fileURLWithPath: folder.journal))
        let evidence = JournalEvidence(try store.summary(of: session), repository: repository)
        let found = evidence.evidence(for: step, files: [], own: nil)
        #expect(found.before.map(\.command) == ["make"])
        #expect(found.after.map(\.command) == ["grep right a", "cmp a b"])
    }

    @Test func `a journal of an earlier version has the same evidence`() throws {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        try FileManager.default.copyItem(
            atPath: tests.path + "/SessionTests/Resources/old-fixed.jsonl", toPath: folder.journal)
        let evidence = JournalEvidence(try store.summary(of: session), repository: repository)
        let file = ChangedFile(path: "b.txt", oldPath: nil, kind: .modified, added: 1, removed: 1)
        let found = evidence.evidence(for: try commit(step: nil, text: "x"), files: [file], own: nil)
        #expect(found.before.map(\.command) == ["cat answer.txt; echo two > b.txt"])
        #expect(found.baseline?.report.exitCode == 1 && found.verification?.report.isSuccess == true)
        #expect(found.verification?.report.peakByteCount ?? 0 > 0 && found.steps.count == 1)
    }

    @Test func `without a journal there is no evidence`() throws {
        let evidence = JournalEvidence(try store.summary(of: session), repository: repository)
        let found = evidence.evidence(for: try commit(step: "1", text: "x"), files: [], own: nil)
        #expect(found.before.isEmpty && found.after.isEmpty && found.baseline == nil && found.verification == nil)
    }
}

extension GitRepository {
    /// The tree without files, which git knows by this name.
    fileprivate func emptyTree() throws -> TreeID {
        let git = Process()
        git.executableURL = URL(fileURLWithPath: "/usr/bin/git")
        git.arguments = ["-C", workingDirectory, "hash-object", "-w", "-t", "tree", "/dev/null"]
        git.standardOutput = Pipe()
        try git.run()
        git.waitUntilExit()
        return try #require(TreeID("4b825dc642cb6eb9a060e54bf8d69288fbee4904"))
    }
}

import Foundation
import Patching
import Sandbox
import TestSupport
import Testing
import Text

@testable import Repository

/// Overlays of a whole checkout, in a real sandbox: what is found, committed, verified and kept.
///
/// The end of an overlay that is kept waits for the whole disk, so that only one is.
@Suite(.serialized, .enabled("needs the rung namespaces") { await Rung.namespaces.isTested }) struct OverlaidTreeTests {
    private final class Fixture {
        let folder = "/var/tmp/graft-overlaid-\(UUID().uuidString.prefix(8))"
        let root: String
        let author = Signature(name: "A", email: "a@example.com", seconds: 1_700_000_000, offsetMinutes: 60)
        let repository: GitRepository
        let start: CommitID

        init(_ files: [String: String]) throws {
            let root = folder + "/repo"
            self.root = root
            try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
            for (path, text) in files { try Self.write(root + "/" + path, text) }
            for words in [["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "Start"]] {
                try Self.git(words, at: root)
            }
            repository = try GitRepository(discovering: root, environment: Self.environment)
            start = try #require(try repository.head.commit)
        }

        deinit { try? FileManager.default.removeItem(atPath: folder) }

        static let environment = [
            "PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@b",
            "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@b",
        ]

        static func git(_ words: [String], at path: String) throws {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["git", "-C", path] + words
            process.environment = environment
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0, "git \(words)")
        }

        static func write(_ path: String, _ text: String) throws {
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        }

        func prepare(_ name: String = "tree", reference: String? = "refs/graft/1/steps") throws -> OverlaidPlace {
            let work = try repository.uncommittedWork(privateFolder: folder)
            return try repository.prepareOverlaidTree(
                at: "\(folder)/\(name)", store: "\(folder)/\(name).store", reference: reference, commit: start,
                work: work, shown: work.ignoredFolders)
        }

        func mount(_ place: OverlaidPlace, isKept: Bool = false) async throws -> Sandbox {
            var policy = SandboxPolicy(workingTree: place.root, readOnlyPaths: [root + "/.git"])
            policy.overlays = [Overlay(lower: root, path: place.root, store: place.store, isKept: isKept)]
            return try await Sandbox.probe(policy: policy, searchPath: "/usr/bin:/bin")
        }

        func open(
            _ place: OverlaidPlace, in sandbox: Sandbox, reference: String? = "refs/graft/1/steps"
        ) throws
            -> WorkingTree
        {
            let descriptor = try #require(sandbox.openOverlaidTree())
            defer { close(descriptor) }
            return try WorkingTree(
                overlaid: place, of: repository, reference: reference, start: start, root: descriptor)
        }

        func shell(_ line: String, in sandbox: Sandbox) async -> String {
            let result = await sandbox.run(
                CommandRequest(
                    .shell(line), environment: SandboxEnvironment(["PATH": "/usr/bin:/bin"]), timeout: .seconds(60)))
            return String(decoding: result.stdout.head + result.stderr.head, as: UTF8.self)
        }
    }

    private let step = CommitMessage(subject: "Step")

    private func shown(_ found: FoundChanges) -> [String] { found.files.map { "\($0.kind.rawValue) \($0.path)" } }

    /// What a look at every file of the tree finds.
    private func thorough(_ tree: WorkingTree) throws -> [String] {
        var scan = TreeScan(
            root: tree.folder, index: tree.index, filters: tree.filters,
            rules: tree.repository.ignoreRules(for: tree.folder, index: tree.index), repository: tree.handle.pointer,
            untrackedLimit: tree.untrackedByteLimit, trustsMode: true)
        try scan.run()
        return scan.findings.map { "\($0.kind.rawValue) \($0.path.path.text)" }.sorted()
    }

    @Test(arguments: 1...6)
    func `a look at the changes alone finds what a look at everything does`(_ seed: Int) async throws {
        var files: [String: String] = [".gitignore": "*.o\n"]
        for folder in ["", "a/", "a/b/", "c/", "d/e/f/"] {
            for name in ["x", "y", "z"] { files[folder + name] = folder + name + "\n" }
        }
        let fixture = try Fixture(files)
        let place = try fixture.prepare()
        let sandbox = try await fixture.mount(place)
        let tree = try fixture.open(place, in: sandbox)
        var random = SplitMix(state: UInt64(seed))
        let paths = ["a", "a/b", "a/x", "a/b/y", "c", "c/z", "d", "d/e", "d/e/f/x", "n", "n/m", "n/m/o", "x", "p.o"]
        for _ in 1...12 {
            let (path, other) = (random.pick(paths), random.pick(paths))
            let line = random.pick([
                "rm -rf \(path)", "rm -rf \(path); mkdir -p \(path)",
                "mkdir -p $(dirname \(path)); echo $RANDOM > \(path)",
                "mv \(path) \(other)", "cp -r \(path) \(other)", "chmod 755 \(path)", "ln -sfn z \(path)",
                "touch \(path)", "mkdir -p \(path); echo new > \(path)/new", "mkfifo \(path)",
            ])
            _ = await fixture.shell(line, in: sandbox)
            let found = try tree.scan()
            #expect(try shown(found).sorted() == thorough(tree), "\(line)")
            if !found.isEmpty, random.next() % 2 == 0 {
                try tree.commit(found, message: step, author: fixture.author)
                #expect(try tree.scan().isEmpty)
            }
        }
    }

    @Test func `after the end of its process everything is mounted again and nothing is lost`() async throws {
        let fixture = try Fixture(["a": "1\n", "d/b": "2\n", "d/c": "3\n"])
        do {
            let place = try fixture.prepare()
            let sandbox = try await fixture.mount(place, isKept: true)
            let tree = try fixture.open(place, in: sandbox)
            _ = await fixture.shell("echo committed > made; rm d/b", in: sandbox)
            try tree.commit(try tree.scan(), message: step, author: fixture.author)
            _ = await fixture.shell("echo later > d/c; rm made", in: sandbox)
        }
        let place = try fixture.repository.overlaidTree(
            at: fixture.folder + "/tree", store: fixture.folder + "/tree.store")
        let sandbox = try await fixture.mount(place, isKept: true)
        let tree = try fixture.open(place, in: sandbox)
        #expect(try tree.head == fixture.repository.target(of: "refs/graft/1/steps") && tree.head != fixture.start)
        #expect(shown(try tree.scan()) == ["M d/c", "D made"])
        #expect(await fixture.shell("cat a d/c; ls; git log --oneline | wc -l", in: sandbox) == "1\nlater\na\nd\n2\n")
        tree.letGo()
        sandbox.end()
        try fixture.repository.removeOverlaidTree(place, in: fixture.folder)
        #expect(!FileManager.default.fileExists(atPath: place.store))
        #expect(try fixture.repository.ownWorkingTrees().isEmpty)
    }

    @Test func `a patch of a file that the user edits meanwhile is of the session's version`() async throws {
        let fixture = try Fixture(["a": "1\n", "b": "2\n"])
        let place = try fixture.prepare()
        let sandbox = try await fixture.mount(place)
        let tree = try fixture.open(place, in: sandbox)
        try Fixture.write(fixture.root + "/a", "the user's\n")
        try FileManager.default.removeItem(atPath: fixture.root + "/b")
        #expect(try tree.file(at: "a")?.bytes == Array("1\n".utf8))
        #expect(try tree.read("b") == Array("2\n".utf8))
        #expect(try tree.scan().isEmpty)
        let change = FileChange(path: "a", contents: Array("1\nmore\n".utf8))
        let commit = try tree.commit(ChangeSet([change]), message: step, author: fixture.author)
        #expect(try fixture.repository.contents(of: "a", in: commit) == Array("1\nmore\n".utf8))
        #expect(try fixture.repository.contents(of: "b", in: commit) == Array("2\n".utf8))
        #expect(await fixture.shell("cat a", in: sandbox) == "1\nmore\n")
    }

    @Test func `a tree is brought to a commit, and it is seen when the checkout changes`() async throws {
        let fixture = try Fixture([
            ".gitattributes": "* text=auto\n", ".gitignore": "*.o\n", "a": "1\n", "d/b": "2\n", "lines": "x\ny\n",
        ])
        try Fixture.write(fixture.root + "/a", "edited\n")
        try Fixture.write(fixture.root + "/new/er", "new\n")
        try Fixture.write(fixture.root + "/lines", "x\r\ny\r\n")
        try FileManager.default.removeItem(atPath: fixture.root + "/d")
        let place = try fixture.prepare("verify", reference: nil)
        let sandbox = try await fixture.mount(place)
        let tree = try fixture.open(place, in: sandbox, reference: nil)
        var before: CheckoutState?
        let deadline = ContinuousClock.now + .seconds(10)
        while before == nil, ContinuousClock.now < deadline { before = try tree.checkoutState() }
        #expect(before != nil)
        #expect(try tree.restore())
        try tree.publishIndex()
        #expect(
            await fixture.shell("cat a d/b; ls; git status --porcelain; grep -c $'\\r' lines", in: sandbox)
                == "1\n2\na\nd\nlines\n0\n")
        _ = await fixture.shell("echo x > a; rm lines; touch n", in: sandbox)
        #expect(try tree.checkoutState() == before)
        try Fixture.write(fixture.root + "/new/er", "new\n")
        #expect(try tree.checkoutState() == before, "what is not shown does not matter")
        try Fixture.write(fixture.root + "/appeared", "new\n")
        #expect(try tree.checkoutState() != before)
    }
}

/// Steele, Lea and Flood's generator: the same cases at every run.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        return bits ^ bits >> 31
    }

    mutating func pick(_ choices: [String]) -> String { choices[Int(next() % UInt64(choices.count))] }
}

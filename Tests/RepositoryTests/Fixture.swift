import Foundation
import Patching
import Repository
import Testing

/// A real repository in a folder of its own, which goes away with it.
final class Fixture {
    let folder: String
    let root: String
    let author = Signature(name: "A", email: "a@example.com", seconds: 1_700_000_000, offsetMinutes: 60)

    /// Makes a repository on branch `main`, with one commit of these files unless there are none.
    init(_ files: [String: String] = ["README": "hello\n", "src/a.txt": "one\ntwo\n", "src/b.txt": "b\n"]) throws {
        folder = "/tmp/graft-test-\(UUID().uuidString.prefix(8))"
        root = folder + "/repo"
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        try git("init", "-q", "-b", "main")
        try git("config", "user.name", "Ada")
        try git("config", "user.email", "ada@example.com")
        try git("config", "core.hooksPath", folder + "/no-hooks")
        guard !files.isEmpty else { return }
        for (path, text) in files { try write(path, text) }
        try git("add", "-A")
        try git("commit", "-q", "-m", "Start")
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    var environment: [String: String] {
        ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": folder]
    }

    func open() throws -> GitRepository { try GitRepository(discovering: root, environment: environment) }

    func privateFolder() throws -> String {
        let path = "\(folder)/private-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    /// A repository, its HEAD, and a linked working tree on branch graft/1.
    func session() throws -> (repository: GitRepository, base: CommitID, tree: WorkingTree) {
        let repository = try open()
        let base = try #require(try repository.head.commit)
        let tree = try repository.addWorkingTree(at: folder + "/tree", branch: "graft/1", commit: base)
        return (repository, base, tree)
    }

    @discardableResult
    func git(_ arguments: String..., at path: String? = nil, fails: Bool = false) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["git", "-C", path ?? root] + arguments
        process.environment = environment.merging(["GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"]) { $1 }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = fails ? Pipe() : output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let text = String(decoding: data, as: UTF8.self)
        #expect((process.terminationStatus != 0) == fails, "git \(arguments): \(text)")
        return text
    }

    func write(_ path: String, _ text: String, at base: String? = nil) throws {
        let full = "\(base ?? root)/\(path)"
        try FileManager.default.createDirectory(
            atPath: (full as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: full))
    }

    func remove(_ path: String, at base: String? = nil) throws {
        try FileManager.default.removeItem(atPath: "\(base ?? root)/\(path)")
    }

    func text(_ path: String, at base: String? = nil) -> String? {
        FileManager.default.contents(atPath: "\(base ?? root)/\(path)").map { String(decoding: $0, as: UTF8.self) }
    }

    func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    /// All of the user's state that Graft must not change.
    func userState() throws -> [String] {
        let index = FileManager.default.contents(atPath: root + "/.git/index")?.base64EncodedString() ?? "none"
        // Without optional locks: status would otherwise refresh the index.
        let status = try git("--no-optional-locks", "status", "--porcelain", "--ignored")
        let stash = try git("stash", "list")
        return [index, status, stash, text(".git/HEAD") ?? "", try git("for-each-ref", "refs/heads/main")]
    }
}

extension ChangeSet {
    /// Text by path; nil deletes.
    init(_ files: KeyValuePairs<String, String?>) {
        self.init(files.map { FileChange(path: $0.key, contents: $0.value.map { Array($0.utf8) }) })
    }
}

/// The code of the error that the body throws.
func failure(_ body: () throws -> Void) -> RepositoryError.Code? {
    do {
        try body()
        return nil
    } catch {
        return (error as? RepositoryError)?.code
    }
}

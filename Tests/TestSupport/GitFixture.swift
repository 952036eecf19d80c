import Foundation
package import Repository

/// A real repository in a folder of its own, which goes away with it.
package final class GitFixture: Sendable {
    /// A git command that did not end as it should.
    package struct Failure: Error, CustomStringConvertible {
        /// The command and what it printed.
        package let description: String
    }

    /// The folder of its own, with nothing in it but the repository.
    package let folder: String
    /// The repository's working directory.
    package let root: String
    /// Who makes commits, and when.
    package let author = Signature(name: "A", email: "a@example.com", seconds: 1_700_000_000, offsetMinutes: 60)

    /// Makes a repository on branch `main`, with one commit of these files unless there are none.
    package init(
        _ files: [String: String] = ["README": "hello\n", "src/a.txt": "one\ntwo\n", "src/b.txt": "b\n"],
        in parent: String = "/tmp"
    ) throws {
        folder = "\(parent)/graft-test-\(UUID().uuidString.prefix(8))"
        root = folder + "/repo"
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        try git("init", "-q", "-b", "main")
        try git("config", "user.name", "Ada")
        try git("config", "user.email", "ada@example.com")
        try git("config", "core.hooksPath", folder + "/no-hooks")
        guard !files.isEmpty else { return }
        for (path, text) in files { try write(path, text) }
        try commit("Start")
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// What git needs of the environment, with a home of its own.
    package var environment: [String: String] {
        ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": folder]
    }

    /// The repository as Graft sees it.
    package func open() throws -> GitRepository { try GitRepository(discovering: root, environment: environment) }

    /// An empty folder beside the repository.
    package func privateFolder() throws -> String {
        let path = "\(folder)/private-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    /// A repository, its HEAD, and a linked working tree on branch graft/1.
    package func session() throws -> (repository: GitRepository, base: CommitID, tree: WorkingTree) {
        let repository = try open()
        guard let base = try repository.head.commit else { throw Failure(description: "HEAD has no commit") }
        let tree = try repository.addWorkingTree(at: folder + "/tree", branch: "graft/1", commit: base)
        return (repository, base, tree)
    }

    /// Runs git and returns what it prints.
    ///
    /// - Parameter fails: Whether it has to fail.
    @discardableResult
    package func git(_ arguments: String..., at path: String? = nil, fails: Bool = false) throws -> String {
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
        guard (process.terminationStatus != 0) == fails else {
            throw Failure(description: "git \(arguments.joined(separator: " ")): \(text)")
        }
        return text
    }

    /// Commits all that is in the working directory, also if that is nothing new.
    package func commit(_ subject: String) throws {
        try git("add", "-A")
        try git("commit", "-q", "--allow-empty", "-m", subject)
    }

    /// Writes a file, with the folders above it.
    package func write(_ path: String, _ text: String, at base: String? = nil) throws {
        let full = "\(base ?? root)/\(path)"
        try FileManager.default.createDirectory(
            atPath: (full as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: full))
    }

    /// Removes a file.
    package func remove(_ path: String, at base: String? = nil) throws {
        try FileManager.default.removeItem(atPath: "\(base ?? root)/\(path)")
    }

    /// What is in a file; nil if there is none.
    package func text(_ path: String, at base: String? = nil) -> String? {
        FileManager.default.contents(atPath: "\(base ?? root)/\(path)").map { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether something is at an absolute path.
    package func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    /// All of the user's state that Graft must not change.
    package func userState() throws -> [String] {
        let index = FileManager.default.contents(atPath: root + "/.git/index")?.base64EncodedString() ?? "none"
        // Without optional locks: status would otherwise refresh the index.
        let status = try git("--no-optional-locks", "status", "--porcelain", "--ignored")
        let stash = try git("stash", "list")
        return [index, status, stash, text(".git/HEAD") ?? "", try git("for-each-ref", "refs/heads/main")]
    }
}

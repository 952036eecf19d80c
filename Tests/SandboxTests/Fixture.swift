import Foundation
import Testing

@testable import Sandbox

/// A working tree with its `.git` in a new folder below `/tmp`, which is where it is hardest to keep.
final class Fixture: Sendable {
    let root: String
    let tree: String
    let logs: String

    init(root base: String = "/tmp") throws {
        root = "\(base)/graft-sandbox-\(UUID().uuidString)"
        tree = root + "/tree"
        logs = root + "/logs"
        for folder in [tree + "/.git", logs] {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        try write("ref: refs/heads/main\n", to: tree + "/.git/HEAD")
    }

    /// A place that no private folder of the sandbox covers.
    static var home: String { ProcessInfo.processInfo.environment["HOME"] ?? "/root" }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    func write(_ text: String, to path: String) throws {
        let folder = (path as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }

    func environment() -> SandboxEnvironment {
        let user = ProcessInfo.processInfo.environment.merging(["OPENAI_API_KEY": "sk-fixture-secret"]) { $1 }
        return .build(from: user, home: user["HOME"] ?? "/root")
    }

    /// Fails, and does not skip, where there is no bubblewrap: without it the product does not work either.
    func sandbox(
        _ mode: SandboxMode = .auto, rungs: [Rung] = Rung.ladder, _ change: (inout SandboxPolicy) -> Void = { _ in }
    ) async throws -> Sandbox {
        var policy = SandboxPolicy(workingTree: tree)
        change(&policy)
        return try await Sandbox.probe(
            mode: mode, policy: policy, searchPath: environment()["PATH"] ?? "", rungs: rungs)
    }

    func shell(
        _ line: String, in sandbox: Sandbox, timeout: Duration = .seconds(60),
        _ change: (inout CommandRequest) -> Void = { _ in }
    ) async -> CommandResult {
        var request = CommandRequest(.shell(line), environment: environment(), timeout: timeout)
        change(&request)
        return await sandbox.run(request)
    }
}

extension CapturedOutput {
    var text: String { String(decoding: head + tail, as: UTF8.self) }
}

/// Processes whose command line contains a word, anywhere on the machine.
func processes(with word: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.filter { name in
        guard Int(name) != nil, let line = FileManager.default.contents(atPath: "/proc/\(name)/cmdline") else {
            return false
        }
        return String(decoding: line, as: UTF8.self).contains(word)
    }
}

func childrenOfThisProcess() -> Int {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.count { name in
        guard Int(name) != nil, let stat = FileManager.default.contents(atPath: "/proc/\(name)/stat") else {
            return false
        }
        let fields = String(decoding: stat, as: UTF8.self).split(separator: ")").last?.split(separator: " ") ?? []
        return fields.count > 1 && fields[1] == "\(getpid())"
    }
}

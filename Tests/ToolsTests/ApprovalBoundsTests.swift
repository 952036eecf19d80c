import Foundation
import Sandbox
import Testing

@testable import Tools

@Suite struct ApprovalBoundsTests {
    private let home = "/tmp/graft-bounds-\(UUID().uuidString.prefix(8))"

    private func bounds() async throws -> ApprovalBounds {
        let folders = [
            ".ssh", ".config/graft", ".cache/npm", "state/graft/sessions/s/tree/.git",
            "state/graft/sessions/s/tree/src",
            "project/.git/hooks", "project/src", "other/.git", "plain",
        ]
        for folder in folders {
            try FileManager.default.createDirectory(atPath: "\(home)/\(folder)", withIntermediateDirectories: true)
        }
        for (link, target) in [("to-ssh", ".ssh"), ("to-git", "project/.git"), ("to-cache", ".cache/npm")] {
            symlink("\(home)/\(target)", "\(home)/plain/\(link)")
        }
        let policy = SandboxPolicy(
            workingTree: home + "/state/graft/sessions/s/tree", readOnlyPaths: [home + "/project/.git"],
            hiddenPaths: [home + "/.ssh", home + "/state/graft", home + "/missing-secret"])
        let sandbox = try await Sandbox.probe(mode: .off, policy: policy, searchPath: "")
        return ApprovalBounds(sandbox, home: home, folders: [home + "/state/graft", home + "/.config/graft"])
    }

    private func writable(_ path: String) async throws -> [String]? {
        let call = PermissionCall(command: "x", reason: "r", paths: [path])
        return try? await bounds().request(call).rights.writablePaths
    }

    @Test(arguments: [
        "/", "/tmp", "/var", "/var/tmp", "/etc", "/proc/sys", "/run", "/var/run", "/dev/shm", "~/", "~/.", "~/.ssh",
        "~/.ssh/../.ssh", "~/.config",
        "~/.config/graft", "~/project", "~/project/.git", "~/project/.git/hooks", "~/other", "~/other/.git", "~/state",
        "~/state/graft", "~/plain/to-ssh", "~/plain/to-git", "~/plain/to-git/hooks", "~/missing", "relative", "", "~",
        "~/state/graft/sessions/s/tree/.git", "~/state/graft/sessions/s", "~/plain/../../..",
    ])
    func `nobody can allow writing to what is protected`(_ path: String) async throws {
        defer { try? FileManager.default.removeItem(atPath: home) }
        #expect(try await writable(path) == nil)
    }

    @Test(arguments: [
        ("~/.cache/npm", ".cache/npm"), ("~/plain/to-cache", ".cache/npm"), ("~/plain/", "plain"),
        ("~/project/src", "project/src"), ("~/state/graft/sessions/s/tree/src", "state/graft/sessions/s/tree/src"),
    ])
    func `what else is asked for is told as it really is`(_ path: String, _ real: String) async throws {
        defer { try? FileManager.default.removeItem(atPath: home) }
        #expect(try await writable(path) == ["\(home)/\(real)"])
    }

    @Test func `a path that turns into another one is not what was allowed`() async throws {
        defer { try? FileManager.default.removeItem(atPath: home) }
        let bounds = try await bounds()
        let request = try bounds.request(PermissionCall(command: "x", reason: "r", paths: ["~/plain"]))
        #expect(bounds.stillHolds(request))
        try FileManager.default.moveItem(atPath: home + "/plain", toPath: home + "/moved")
        symlink(home + "/.ssh", home + "/plain")
        #expect(!bounds.stillHolds(request))
    }

    @Test func `a command too long to be read is not asked about`() async throws {
        defer { try? FileManager.default.removeItem(atPath: home) }
        let bounds = try await bounds()
        for command in [String(repeating: "x", count: 2001), String(repeating: "\n", count: 30)] {
            #expect(throws: ToolRefusal.self) {
                try bounds.request(PermissionCall(command: command, reason: "r", wantsAllNetwork: true))
            }
        }
    }

    @Test func `rights are added and nothing else changes`() throws {
        var policy = SandboxPolicy(
            workingTree: "/tmp", readOnlyPaths: ["/a"], writablePaths: ["/b"], hiddenPaths: ["/c"], network: .none)
        let host = try #require(HostPattern("a.org"))
        policy.add(CommandRights(network: .hosts([host]), writablePaths: ["/d"]))
        var expected = SandboxPolicy(
            workingTree: "/tmp", readOnlyPaths: ["/a"], writablePaths: ["/b", "/d"], hiddenPaths: ["/c"],
            network: .hosts([host]))
        #expect(policy == expected)
        policy.add(CommandRights(network: .all))
        expected.network = .all
        #expect(policy == expected)
        policy.add(CommandRights(network: .hosts([host])))
        #expect(policy == expected)
        policy.isTreeWritable = false
        policy.add(CommandRights(writablePaths: ["/tmp"]))
        #expect(policy.isTreeWritable && policy.writablePaths == ["/b", "/d"])
    }
}

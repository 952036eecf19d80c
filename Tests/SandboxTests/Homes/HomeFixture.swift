import Foundation

@testable import Sandbox

/// A home folder beside a working tree, with programs, packages and what nobody should read.
struct HomeFixture {
    let fixture: Fixture
    var home: String { fixture.root + "/home" }

    init(root: String = "/tmp") throws {
        fixture = try Fixture(root: root)
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    }

    func write(_ paths: String...) throws {
        for path in paths { try fixture.write(path, to: "\(home)/\(path)") }
    }

    /// A script that says its name.
    func program(_ path: String) throws {
        try fixture.write("#!/bin/sh\necho \(path)\n", to: "\(home)/\(path)")
        chmod("\(home)/\(path)", 0o755)
    }

    func link(_ path: String, to target: String) throws {
        let folder = ("\(home)/\(path)" as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: "\(home)/\(path)", withDestinationPath: target)
    }

    /// A policy for a user whose home folder this is; `~/` stands for it in variables.
    func policy(path: [String] = [], _ variables: [String: String] = [:]) -> SandboxPolicy {
        var environment = variables.mapValues { $0.replacing("~/", with: home + "/") }
        environment["HOME"] = home
        environment["PATH"] = (path.map { $0.replacing("~/", with: home + "/") } + ["/usr/bin", "/bin"])
            .joined(separator: ":")
        var policy = SandboxPolicy(
            workingTree: fixture.tree, hiddenPaths: SandboxPolicy.secretPaths(home: home))
        policy.closeHomes(environment: environment)
        // What tests run with may lie in the real one.
        policy.closedFolders.removeAll { $0 != home }
        return policy
    }

    func opened(path: [String] = [], _ variables: [String: String] = [:]) -> [String] {
        policy(path: path, variables).openedPaths(home: home)
    }
}

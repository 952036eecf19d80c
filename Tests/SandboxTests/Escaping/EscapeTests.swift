import Foundation
import TestSupport
import Testing

@testable import Sandbox

/// Every attempt of the table on every rung that this machine has, by whoever runs the tests.
@Suite(.serialized) struct EscapeTests {
    @Test func `the table names every attempt once and the program knows them all`() throws {
        let lister = Process()
        let output = Foundation.Pipe()
        lister.executableURL = URL(fileURLWithPath: AttemptsProgram.path)
        lister.arguments = ["--list"]
        lister.standardOutput = output
        try lister.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        lister.waitUntilExit()
        #expect(text.split(separator: "\n").map(String.init).sorted() == Attempt.all.map(\.name).sorted())
    }

    @Test(arguments: await Rung.tested, Attempt.all)
    func `an attempt gets the answer that the table gives`(_ rung: Rung, _ attempt: Attempt) async throws {
        let outside = try Outside()
        guard let sandbox = try? await Self.sandbox(rung, outside) else { return }
        let (result, answer) = try await Self.result(of: attempt, in: sandbox, outside)
        let expected = attempt.expected(rung, hasCgroup: sandbox.cgroup != nil)
        #expect(
            expected.contains(answer), "\(rung) \(attempt.name): \(answer) \(result.outcome) \(result.stderr.text)")
        let damage = outside.damage()
        #expect(damage == [] || attempt.mayDamage(rung), "\(rung) \(attempt.name)")
    }

    /// The folders for temporary files can be written to, and a home in one of them is closed all the same.
    @Test(arguments: await Rung.tested)
    func `a home among the temporary files is as closed as any other`(_ rung: Rung) async throws {
        let outside = try Outside(in: "/var/tmp")
        guard let sandbox = try? await Self.sandbox(rung, outside) else { return }
        for attempt in Attempt.all where attempt.name.hasPrefix("home-") {
            let (result, answer) = try await Self.result(of: attempt, in: sandbox, outside)
            // Where a private folder covers all of it, nothing is there, which is as good as closed.
            let expected = attempt.expected(rung, hasCgroup: sandbox.cgroup != nil).union(["denied ENOENT"])
            #expect(expected.contains(answer), "\(attempt.name): \(answer) \(result.stderr.text)")
        }
        #expect(outside.damage() == [])
    }

    /// As on a machine that lets nobody make control groups.
    @Test(
        arguments: await Rung.tested, ["much-memory", "much-shared-memory", "memory-in-parts", "memory-files"])
    func `without a control group memory is counted by the launcher`(_ rung: Rung, _ name: String) async throws {
        guard let attempt = Attempt.all.first(where: { $0.name == name }) else { throw CancellationError() }
        let outside = try Outside()
        guard let sandbox = try? await Self.sandbox(rung, outside, makesCgroup: false) else { return }
        #expect(sandbox.cgroup == nil)
        let (result, answer) = try await Self.result(of: attempt, in: sandbox, outside)
        #expect(attempt.expected(rung, hasCgroup: false).contains(answer), "\(answer) \(result.outcome)")
        #expect(result.ranOutOfMemory == (answer == "denied killed"))
        #expect(!result.leftProcesses)
    }

    private static func result(
        of attempt: Attempt, in sandbox: Sandbox, _ outside: Outside
    ) async throws -> (result: CommandResult, answer: String) {
        let fixture = outside.fixture
        if !FileManager.default.fileExists(atPath: fixture.tree + "/attempts") {
            try FileManager.default.copyItem(atPath: AttemptsProgram.path, toPath: fixture.tree + "/attempts")
        }
        let request = CommandRequest(
            .arguments([fixture.tree + "/attempts", attempt.name]), environment: outside.environment,
            timeout: .seconds(60))
        var result = await sandbox.run(request)
        // A child that another test forked meanwhile may still hold the copy open for writing, until it executes.
        for _ in 0..<20 {
            guard case .notStarted = result.outcome else { break }
            try await Task.sleep(for: .milliseconds(20))
            result = await sandbox.run(request)
        }
        return (result, answer(result))
    }

    private static func answer(_ result: CommandResult) -> String {
        let answer = result.stdout.text.trimmingCharacters(in: .newlines)
        return answer.isEmpty && result.ranOutOfMemory ? "denied killed" : answer
    }

    @Test(arguments: Attempt.all)
    func `an attempt in an overlay at the path of the checkout gets the same answer`(_ attempt: Attempt) async throws {
        let outside = try Outside()
        let (fixture, manager) = (outside.fixture, FileManager.default)
        let (lower, store) = (fixture.root + "/lower", fixture.root + "/vault/store")
        try manager.moveItem(atPath: fixture.tree, toPath: lower)
        for folder in [fixture.tree, store + "/upper", store + "/work"] {
            try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        var policy = outside.policy()
        policy.hiddenPaths.append(store)
        policy.overlays = [Overlay(lower: lower, path: fixture.tree, store: store)]
        policy.shownTree = lower
        var environment = outside.environment
        environment["TREE"] = lower
        environment["MODULE"] = lower + "/module"
        guard let sandbox = try? await Sandbox.probe(policy: policy, searchPath: "/usr/bin:/bin") else { return }
        try manager.copyItem(atPath: AttemptsProgram.path, toPath: lower + "/attempts")
        let result = await sandbox.run(
            CommandRequest(
                .arguments([lower + "/attempts", attempt.name]), environment: environment,
                timeout: .seconds(60)))
        let answer = Self.answer(result)
        let expected = attempt.expected(.namespaces, hasCgroup: sandbox.cgroup != nil)
        #expect(expected.contains(answer), "\(attempt.name): \(answer) \(result.outcome) \(result.stderr.text)")
        // What it changed is all in the store, and the user's tree is judged.
        sandbox.end()
        // The kernel's own, which let nobody in but root.
        for name in ["", "/incompat", "/incompat/volatile"] { chmod(store + "/work/work" + name, 0o700) }
        for folder in [fixture.tree, store] { try manager.removeItem(atPath: folder) }
        try manager.moveItem(atPath: lower, toPath: fixture.tree)
        #expect(outside.damage() == [] || attempt.mayDamage(.namespaces), "\(attempt.name)")
    }

    private static func sandbox(
        _ rung: Rung, _ outside: Outside, makesCgroup: Bool = true
    ) async throws -> Sandbox {
        try await Sandbox.probe(
            policy: outside.policy(), searchPath: "/usr/bin:/bin", rungs: [rung], makesCgroup: makesCgroup)
    }
}

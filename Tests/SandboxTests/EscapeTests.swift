import Foundation
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

    @Test(arguments: Rung.ladder, Attempt.all)
    func `an attempt gets the answer that the table gives`(_ rung: Rung, _ attempt: Attempt) async throws {
        let outside = try Outside()
        let fixture = outside.fixture
        guard let sandbox = try? await Self.sandbox(rung, outside) else { return }
        try FileManager.default.copyItem(atPath: AttemptsProgram.path, toPath: fixture.tree + "/attempts")
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
        let answer = result.stdout.text.trimmingCharacters(in: .newlines)
        let expected = attempt.expected(rung, hasCgroup: sandbox.cgroup != nil)
        #expect(
            expected.contains(answer), "\(rung) \(attempt.name): \(answer) \(result.outcome) \(result.stderr.text)")
        let damage = outside.damage()
        #expect(damage == [] || attempt.mayDamage(rung), "\(rung) \(attempt.name)")
    }

    private static func sandbox(_ rung: Rung, _ outside: Outside) async throws -> Sandbox {
        try await Sandbox.probe(policy: outside.policy(), searchPath: "/usr/bin:/bin", rungs: [rung])
    }
}

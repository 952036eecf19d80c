import Responses
import Testing

@testable import Agent

/// When a model that repeats itself is told so, and when its run ends.
@Suite struct `A model that repeats itself` {
    private func item(_ json: String) -> [Item] { (try? Item(Array(json.utf8))).map { [$0] } ?? [] }

    private func shell(_ command: String) -> [Item] {
        item(#"{"type":"shell_call","call_id":"c","action":{"commands":["\#(command)"]},"status":"completed"}"#)
    }

    private func output(_ text: String) -> [Item] {
        item(#"{"type":"shell_call_output","call_id":"c","output":[{"stdout":"\#(text)"}]}"#)
    }

    /// What is found after each of the rounds.
    private func findings(_ rounds: [(String, String)]) -> [LoopWatch.Finding?] {
        var watch = LoopWatch()
        return rounds.map { watch.note(shell($0.0), answers: output($0.1)) }
    }

    @Test func `is told once, and then the run ends`() {
        let found = findings(Array(repeating: ("ls", "a"), count: 10))
        #expect(found.prefix(3).allSatisfy { $0 == nil } && found[4..<9].allSatisfy { $0 == nil })
        #expect(found[3] == .told("shell `ls`: 4 times with the same result"))
        #expect(found[9] == .over("shell `ls`: 10 times with the same result"))
    }

    @Test func `is noticed in circles of several calls, and whatever the time is`() {
        let found = findings((0..<20).map { ($0 % 2 == 0 ? "ls" : "pwd", "took \($0 * 7) ms") })
        #expect(found[7] == .told("shell `ls`, then shell `pwd`: 4 times with the same result"))
        #expect(found[19] == .over("shell `ls`, then shell `pwd`: 10 times with the same result"))
    }

    @Test func `is left alone while something changes`() {
        #expect(findings((0..<30).map { ("ls -\(String(repeating: "l", count: $0))", "a") }).allSatisfy { $0 == nil })
        #expect(findings((0..<30).map { ("ls", String(repeating: "x", count: $0)) }).allSatisfy { $0 == nil })
        let broken = Array(repeating: ("ls", "a"), count: 3) + [("make", "b")] + Array(repeating: ("ls", "a"), count: 3)
        #expect(findings(broken).allSatisfy { $0 == nil })
    }

    @Test func `may wait for a command`() {
        var watch = LoopWatch()
        let poll = item(#"{"type":"function_call","call_id":"c","name":"poll_command","arguments":"{}"}"#)
        for _ in 0..<30 { #expect(watch.note(poll, answers: output("still running")) == nil) }
    }
}

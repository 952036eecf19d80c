import Responses
import Session
import TestSupport
import Testing

@testable import Tools

/// What the model reports of its work.
@Suite struct `A reported milestone` {
    private func report(_ arguments: String) async throws -> (answer: String, milestones: [Milestone]) {
        let world = try await ToolWorld()
        let answers = try await world.answer(.function("report_milestone", arguments, "c"))
        let milestones = world.events.all.compactMap {
            if case .milestoneReported(let milestone, turn: 1) = $0 { milestone } else { nil }
        }
        return (try #require(answers.first).shown, milestones)
    }

    @Test func `is an event with what shows it`() async throws {
        let told = try await report(
            #"{"milestone":"root_cause","summary":" The limit\n is off. ","evidence":"#
                + #"{"command":"make test","file":"a.c","line":12,"commit":"abc"}}"#)
        let evidence = Milestone.Evidence(command: "make test", file: "a.c", line: 12, commit: "abc")
        let milestone = Milestone(.rootCause, summary: "The limit is off.", evidence: evidence, by: .model)
        #expect(told.milestones == [milestone] && told.answer.contains("Noted"))
    }

    @Test(arguments: Milestone.Kind.allCases) func `is of any kind, and needs no evidence`(
        _ kind: Milestone.Kind
    ) async throws {
        for evidence in ["", #","evidence":null"#, #","evidence":{}"#, #","evidence":{"file":"","line":null}"#] {
            let told = try await report(#"{"milestone":"\#(kind.rawValue)","summary":"So."\#(evidence)}"#)
            #expect(told.milestones == [Milestone(kind, summary: "So.", by: .model)])
        }
    }

    @Test func `is cut where it is endless`() async throws {
        let told = try await report(
            #"{"milestone":"progress","summary":"\#(String(repeating: "é", count: 9000))"}"#)
        #expect(told.milestones.first?.summary.count == 501)
    }

    @Test(arguments: [
        (#"{"milestone":"done","summary":"x"}"#, "reproduced, root_cause, fix_applied, verified, progress"),
        (#"{"milestone":"progress","summary":" \n"}"#, "summary"), (#"{"milestone":"progress"}"#, "summary"),
        (#"{"summary":"x"}"#, "milestone"),
        (#"{"milestone":"progress","summary":"x","evidence":"a.c"}"#, "must be an object"),
        (#"{"milestone":"progress","summary":"x","evidence":{"line":-1}}"#, "line"),
        (#"{"milestone":"progress","summary":"x","evidence":{"file":7}}"#, "file"),
    ])
    func `is refused with what is wrong`(_ arguments: String, _ words: String) async throws {
        let told = try await report(arguments)
        #expect(told.milestones.isEmpty && told.answer.contains(words))
    }
}

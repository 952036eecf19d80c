import Session
import TestSupport
import Testing

@testable import Tools

/// The plan that the model tells.
@Suite struct `The model's plan` {
    private func told(_ plans: String...) async throws -> (answers: [String], events: [RunEvent]) {
        let world = try await ToolWorld()
        var answers: [String] = []
        for (number, plan) in plans.enumerated() {
            let items = try await world.answer(.function("update_plan", plan, "c\(number)"))
            answers += items.map(\.shown)
        }
        let events = world.events.all.filter { event in
            switch event {
            case .itemStarted(let item), .itemUpdated(let item), .itemCompleted(let item):
                if case .todoList = item.content { true } else { false }
            default: false
            }
        }
        return (answers, events)
    }

    private func plan(_ steps: String) -> String { #"{"plan":[\#(steps)]}"# }

    @Test func `begins once, is updated, and says nothing where nothing is new`() async throws {
        let first = plan(#"{"step":" Look\n at it","status":"in_progress"},{"step":"Mend","status":"pending"}"#)
        let second = plan(#"{"step":"Look at it","status":"completed"},{"step":"Mend","status":"in_progress"}"#)
        let events = try await told(first, first, second).events
        guard case .itemStarted(let begun) = events.first, case .itemUpdated(let later) = events.last else {
            return #expect(Bool(false), "\(events)")
        }
        #expect(events.count == 2 && begun.id == later.id && begun.callID == "c0" && later.callID == "c2")
        #expect(begun.content == .todoList(TodoList([.init("Look at it", .inProgress), .init("Mend", .pending)])))
    }

    @Test func `is cut where a step is endless`() async throws {
        let long = String(repeating: "é ", count: 9000)
        let told = try await told(
            #"{"explanation":"\#(long)","plan":[{"step":"\#(long)","status":"pending"}]}"#)
        guard case .itemStarted(let item) = told.events.first, case .todoList(let list) = item.content else {
            return #expect(Bool(false))
        }
        #expect(list.steps[0].text.count == 201 && list.explanation?.count == 501)
    }

    @Test(arguments: [
        ("{}", "must be an array"), (#"{"plan":"x"}"#, "must be an array"), (#"{"plan":[]}"#, "no steps"),
        (#"{"plan":["x"]}"#, "step 1 must be an object"), (#"{"plan":[{"status":"pending"}]}"#, "step 1 must be"),
        (#"{"plan":[{"step":" \n","status":"pending"}]}"#, "step 1 says nothing"),
        (#"{"plan":[{"step":"x","status":"done"}]}"#, "pending, in_progress, completed"),
        (#"{"plan":[{"step":"x"}]}"#, "pending, in_progress, completed"),
        (
            #"{"plan":[{"step":"x","status":"in_progress"},{"step":"y","status":"in_progress"}]}"#,
            "at most one can be"
        ),
        (#"{"explanation":7,"plan":[{"step":"x","status":"pending"}]}"#, "explanation"),
    ])
    func `is refused with what is wrong`(_ arguments: String, _ words: String) async throws {
        let told = try await told(arguments)
        #expect(told.events.isEmpty && told.answers.allSatisfy { $0.contains(words) })
    }

    @Test func `of a session that goes on is shown again unless it is done`() throws {
        for (status, count) in [(TodoList.Status.pending, 1), (.completed, 0)] {
            let (tool, events) = (UpdatePlan(), RecordedEvents())
            tool.take(TodoList([.init("x", status)]), in: events)
            #expect(events.all.count == count)
        }
    }
}

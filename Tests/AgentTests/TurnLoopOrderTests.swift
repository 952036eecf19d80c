import JSON
import Responses
import Session
import TestSupport
import Testing

@testable import Agent

/// In which order things happen in a turn, and what the model gets to see.
@Suite struct `A turn` {
    @Test func `is recorded in the order in which it happens`() async throws {
        let world = LoopWorld(.says(Said.commentary("I look."), Said.shell("c1")), .says(Said.done))
        _ = try await world.run()
        #expect(
            world.story.lines.filter { !["settling", "settled"].contains($0) } == [
                "turn 1 started", "model is asked", "request.sent", "model has answered",
                "turn 1: response message", "item.completed", "turn 1: response shell_call", "turn.completed",
                "sync", "tools answer c1", "sync",
                "turn 2 started", "model is asked", "request.sent", "model has answered",
                "turn 2: response message", "item.completed", "turn.completed", "task.claimed",
                "commands are stopped",
            ])
    }

    @Test func `shows the model its items and the answers, in order and byte for byte`() async throws {
        let odd = #"{ "type":"dream","z":[1.50,{"ü":null}], "a":"\u0001 \\u00e9" ,"status":"completed"}"#
        let first = [Said.thought(), odd, Said.commentary("Two."), Said.shell("c1"), Said.patch("c2")]
        let world = LoopWorld(
            .says(first[0], first[1], first[2], first[3], first[4]), .says(Said.shell("c3")), .says(Said.done))
        _ = try await world.run()
        let answers = [
            #"{"type":"shell_call_output","call_id":"c1""#, #"{"type":"apply_patch_call_output","call_id":"c2""#,
        ]
        let texts = world.model.windows.map { $0.items.map { String(decoding: $0.raw, as: UTF8.self) } }
        let start = LoopWorld.beginning.map { String(decoding: $0.raw, as: UTF8.self) }
        #expect(texts[0] == start)
        #expect(Array(texts[1].prefix(7)) == start + first)
        #expect(zip(texts[1].dropFirst(7), answers).allSatisfy { $0.hasPrefix($1) })
        #expect(texts[1].count == 9)
        #expect(Array(texts[2].prefix(10)) == texts[1] + [Said.shell("c3")])
        #expect(texts[2].count == 11)
    }

    @Test func `leaves no call without an answer`() async throws {
        let world = LoopWorld(.says(Said.shell("c1"), Said.patch("c2"), Said.order("c3")), .says(Said.done))
        _ = try await world.run()
        #expect(world.model.windows[1].unansweredCalls == [])
    }

    @Test func `gives the calls of one response to the tools together, with its number`() async throws {
        let world = LoopWorld(.says(Said.shell("c1")), .says(Said.patch("c2"), Said.shell("c3")), .says(Said.done))
        _ = try await world.run()
        #expect(world.tools.requests.map(\.calls) == [["c1"], ["c2", "c3"]])
        #expect(world.tools.requests.map(\.turn) == [1, 2])
        #expect(world.tools.requests.map(\.only) == [nil, nil])
    }

    @Test(arguments: [
        ([Said.commentary("First."), Said.commentary("Then.")], "Then."),
        ([Said.message("So.", phase: nil)], "So."),
        ([Said.commentary("This."), Said.message("So.", phase: nil)], "This."),
        ([Said.message("Final.")], nil),
        ([Said.commentary("")], nil),
        ([], nil),
    ])
    func `takes the last words before the calls for the commit's message`(
        _ words: [String], _ expected: String?
    ) async throws {
        let call = Said.patch("c1")
        let turn: ScriptedModel.Turn =
            switch words.count {
            case 0: .says(call)
            case 1: .says(words[0], call)
            default: .says(words[0], words[1], call)
            }
        let world = LoopWorld(turn, .says(Said.done))
        _ = try await world.run()
        #expect(world.tools.requests.map(\.commentary) == [expected])
    }

    @Test(arguments: [
        ([Said.commentary("I am at it."), Said.message("It is done.")], "It is done."),
        ([Said.message("It is done."), Said.commentary("That was it.")], "It is done."),
        ([Said.message("One.", phase: nil), Said.message("Two.", phase: nil)], "Two."),
        ([Said.message("One.", phase: nil), Said.commentary("Two.")], "One."),
        ([Said.thought(), Said.message("It is done.", phase: nil)], "It is done."),
    ])
    func `without calls is a claim, in its final words`(_ words: [String], _ expected: String) async throws {
        let world = LoopWorld(words.count == 1 ? .says(words[0]) : .says(words[0], words[1]))
        #expect(try await world.run().verdict == .unverified)
        #expect(world.summary == expected)
    }

    @Test func `with calls is no claim, whatever it says`() async throws {
        let world = LoopWorld(.says(Said.done, Said.shell("c1")), .says(Said.message("Done now.")))
        _ = try await world.run()
        #expect(world.model.windows.count == 2)
        #expect(world.summary == "Done now.")
    }

    @Test(arguments: [
        #"{"type":"shell_call","call_id":"c1","status":"incomplete","action":{"commands":["true"]}}"#,
        #"{"type":"shell_call","call_id":"c1","action":{}}"#,
        #"{"type":"function_call","call_id":"c1","name":"shell","arguments":"{"}"#,
        #"{"type":"computer_call","call_id":"c1"}"#,
    ])
    func `with a call that cannot be read has it answered like any other`(_ call: String) async throws {
        let world = LoopWorld(.says(call), .says(Said.done))
        _ = try await world.run()
        #expect(world.tools.requests.map(\.calls) == [["c1"]])
        #expect(world.model.windows[1].items.last?.isOutput == true)
    }

    @Test func `with a call that the server runs itself asks nothing of the tools`() async throws {
        let world = LoopWorld(.says(#"{"type":"web_search_call","id":"w"}"#, Said.done))
        _ = try await world.run()
        #expect(world.tools.requests == [])
        #expect(world.summary == "Done.")
    }

    @Test func `shows a person messages and reasoning, and nothing that is empty`() async throws {
        let world = LoopWorld(
            .says(
                Said.thought("One.", "Two."), Said.thought(), Said.message(""), Said.commentary("Words."),
                Said.shell("c1")),
            .says(Said.done))
        _ = try await world.run()
        let shown = world.events.all.compactMap { event -> String? in
            guard case .itemCompleted(let item) = event else { return nil }
            switch item.content {
            case .agentMessage(let text, let phase): return "\(item.id) \(phase?.rawValue ?? "-"): \(text)"
            case .reasoning(let text): return "\(item.id) reasoning: \(text)"
            default: return "\(item.id)"
            }
        }
        #expect(shown == ["item_0 reasoning: One.\n\nTwo.", "item_1 commentary: Words.", "item_2 final_answer: Done."])
    }

    @Test func `passes on what the model streams and what its client has to say`() async throws {
        let world = LoopWorld(
            .says(
                Said.done, telling: [.textDelta(index: 0, "Do"), .reasoningDelta(index: 0, "Hm"), .other("ping")],
                notices: ["trying again"]))
        _ = try await world.run()
        let streamed = world.events.all.compactMap { event -> String? in
            switch event {
            case .textDelta(let text, nil): "text \(text)"
            case .reasoningDelta(let text): "reasoning \(text)"
            default: nil
            }
        }
        #expect(streamed == ["text Do", "reasoning Hm"])
        #expect(world.events.notices == ["trying again"])
    }

    @Test func `is recorded with its cost, and with the time between response and request`() async throws {
        let world = LoopWorld(.says(Said.shell("c1"), tokens: 7), .says(Said.done))
        let clock = world.clock
        world.tools.change { $0.answering = { clock.advance(by: .seconds(3)) } }
        _ = try await world.run()
        let between = world.events.all.compactMap { event -> Duration?? in
            if case .requestSent(let report) = event { .some(report.sinceLastEvent) } else { nil }
        }
        #expect(between == [nil, .seconds(3)])
        let costs = world.events.all.compactMap { event -> Usage?? in
            if case .turnCompleted(let report) = event { .some(report.usage) } else { nil }
        }
        #expect(costs.map { $0?.total } == [7, nil])
    }

    @Test(.timeLimit(.minutes(1)))
    func `commits what commands have changed while the model thinks`() async throws {
        let settled = Gate()
        let world = LoopWorld(
            .says(Said.shell("c1")), .says(Said.shell("c2")).after { _ in try await settled.pass() }, .says(Said.done))
        world.tools.change { $0.settling = { settled.open() } }
        _ = try await world.run()
        #expect(world.tools.requests.count == 2)
    }

    @Test(.timeLimit(.minutes(1)))
    func `lets tools begin only when what commands have changed is committed`() async throws {
        let answered = Gate()
        let world = LoopWorld(.says(Said.shell("c1")).after { _ in answered.open() }, .says(Said.done))
        world.tools.change { $0.settling = { try await answered.pass() } }
        _ = try await world.run()
        let order = world.story.lines.filter { ["model has answered", "settled", "tools answer c1"].contains($0) }
        #expect(order.prefix(3).last == "tools answer c1")
        #expect(order.filter { $0 == "settled" }.count == 2)
    }
}

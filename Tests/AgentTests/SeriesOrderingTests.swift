import Repository
import Responses
import Session
import TestSupport
import Testing
import Text

@testable import Agent

/// How the model is asked to order its steps, and what becomes of the run when that goes wrong.
@Suite struct `The order of the steps` {
    private static let change = SampleDiff.tree([
        SampleDiff.file("a.txt", SampleDiff.hunk("-one\n+two\n")),
        SampleDiff.file("b.txt", SampleDiff.hunk("-three\n+four\n")),
    ])

    private func world(_ turns: ScriptedModel.Turn..., fitting: [Bool] = []) -> LoopWorld {
        let script = ScriptedTools.Script(change: Self.change, fittingOrders: fitting)
        switch turns.count {
        case 1: return LoopWorld(.says(Said.patch("c1")), .says(Said.done), turns[0], tools: script)
        default: return LoopWorld(.says(Said.patch("c1")), .says(Said.done), turns[0], turns[1], tools: script)
        }
    }

    @Test func `is asked for with the list of hunks, and its end is what the command runs on`() async throws {
        let world = world(.says(Said.order("o1")), fitting: [true])
        #expect(try await world.run(judging: [true], ordersSteps: true).verdict == .fixed)
        let question = try #require(world.model.windows[2].items.last?.messageText)
        #expect(question.contains("2 hunks:\n\nh1 a.txt:1 +1 -1\n"))
        #expect(world.judgements == [ScriptedTools.commit(101)])
        #expect(world.events.notices == [])
        #expect(world.summary == "Done.")
    }

    @Test func `comes from the one tool for it`() async throws {
        let world = world(.says(Said.order("o1")), fitting: [true])
        _ = try await world.run(judging: [true], ordersSteps: true)
        #expect(world.tools.requests.last == .init(calls: ["o1"], commentary: nil, turn: 3, only: "order_commits"))
    }

    @Test func `is asked for when what still ran has been stopped`() async throws {
        let world = world(.says(Said.order("o1")), fitting: [true])
        _ = try await world.run(judging: [true], ordersSteps: true)
        let order = world.story.lines.filter { $0.hasPrefix("command") || $0 == "tools answer o1" }
        #expect(order == ["commands are stopped", "tools answer o1", "command is run"])
    }

    @Test func `is asked for once more when it does not fit`() async throws {
        let world = world(.says(Said.order("o1")), .says(Said.order("o2")), fitting: [false, true])
        #expect(try await world.run(judging: [true], ordersSteps: true).verdict == .fixed)
        #expect(world.tools.requests.map(\.calls) == [["c1"], ["o1"], ["o2"]])
        #expect(world.judgements == [ScriptedTools.commit(101)])
        #expect(world.events.notices == [])
    }

    @Test func `that never fits leaves the steps`() async throws {
        let world = world(.says(Said.order("o1")), .says(Said.order("o2")), fitting: [false, false])
        #expect(try await world.run(judging: [true], ordersSteps: true).verdict == .fixed)
        let notice = "the steps stay as they are: the order that the model gave does not fit the change"
        #expect(world.events.notices == [notice])
        #expect(world.judgements == [ScriptedTools.commit(1)])
    }

    @Test func `that the model only talks about leaves the steps`() async throws {
        let world = world(.says(Said.message("No.")))
        #expect(try await world.run(judging: [true], ordersSteps: true).verdict == .fixed)
        #expect(world.events.notices == ["the steps stay as they are: the model did not order them"])
        #expect(world.summary == "Done.")
    }

    @Test func `is not asked for where nobody wants it`() async throws {
        let world = world(.says(Said.order("o1")))
        #expect(try await world.run(judging: [true], ordersSteps: false).verdict == .fixed)
        #expect(world.model.windows.count == 2)
        #expect(world.tools.openings == 0)
    }

    @Test func `is not asked for when there is nothing to order`() async throws {
        let world = LoopWorld(.says(Said.patch("c1")), .says(Said.done))
        #expect(try await world.run(judging: [true], ordersSteps: true).verdict == .fixed)
        #expect(world.model.windows.count == 2)
        #expect(world.tools.openings == 1)
    }

    @Test func `is not asked for when the budget is used up`() async throws {
        let world = world(.says(Said.order("o1")))
        #expect(try await world.run(judging: [true], ordersSteps: true, maxTurns: 2).verdict == .fixed)
        #expect(world.tools.openings == 0)
        #expect(world.events.notices == [])
    }

    @Test func `is not asked for when there is more than anybody could list`() async throws {
        let files = (0..<1500).map {
            SampleDiff.file(BytePath("folder/with/a/long/name/file-\($0)"), SampleDiff.hunk("-1\n+2\n"))
        }
        let script = ScriptedTools.Script(change: SampleDiff.tree(files))
        let world = LoopWorld(.says(Said.patch("c1")), .says(Said.done), tools: script)
        #expect(try await world.run(judging: [true], ordersSteps: true).verdict == .fixed)
        #expect(world.events.notices == ["the steps stay as they are: 1500 hunks are too many to order"])
        #expect(!world.tools.isOrdering)
    }

    @Test func `is not asked for again when the budget ends with an order that does not fit`() async throws {
        let world = world(.says(Said.order("o1")), fitting: [false])
        #expect(try await world.run(judging: [true], ordersSteps: true, maxTurns: 3).verdict == .fixed)
        #expect(world.events.notices == ["the steps stay as they are: there is no budget left to order them"])
    }

    @Test func `does not cost the verdict when the provider fails`() async throws {
        let failure = ConnectionMachine.Failure(kind: .permanent, error: ProviderError(message: "No such thing."))
        let world = world(.fails(failure))
        #expect(try await world.run(judging: [true], ordersSteps: true).verdict == .fixed)
        #expect(world.events.notices == ["the steps stay as they are: the server refuses the request: No such thing"])
        #expect(world.story.lines.contains("turn failed: No such thing."))
    }

    @Test func `leaves no call without an answer when the response cannot be used`() async throws {
        let script = ScriptedTools.Script(change: Self.change)
        let world = LoopWorld(
            .says(Said.patch("c1")), .says(Said.done),
            .says(Said.order("o1"), Said.shell("o2"), cutOff: "content_filter"),
            .says(Said.done), tools: script)
        #expect(try await world.run(judging: [false, true], ordersSteps: true).verdict == .fixed)
        #expect(world.tools.requests.map(\.calls) == [["c1"]])
        let asked = world.model.windows[3]
        #expect(asked.unansweredCalls == [])
        let answers = asked.items.filter(\.isOutput).compactMap(\.callID)
        #expect(answers == ["c1", "o1", "o2"])
        #expect(world.story.lines.contains("turn 3: input function_call_output o1"))
    }

    @Test(.timeLimit(.minutes(1)))
    func `is not waited for longer than three minutes`() async throws {
        let world = world(
            .hangs().after {
                try await $0.hasSleeper(); $0.advance(by: .seconds(180))
            })
        #expect(try await world.run(judging: [true], ordersSteps: true).verdict == .fixed)
        #expect(world.clock.sleeps == [.seconds(180)])
        let notice = try #require(world.events.notices.first)
        #expect(notice.hasPrefix("the steps stay as they are: no answer within 3 min"))
        let failure = try #require(world.story.lines.first { $0.hasPrefix("turn failed") })
        #expect(failure.hasPrefix("turn failed: no answer within 3 min"))
        #expect(world.model.openRequests == 0)
    }

    @Test(.timeLimit(.minutes(1)))
    func `gets half of the time that is left`() async throws {
        let world = world(
            .hangs().after {
                try await $0.hasSleeper(); $0.advance(by: .seconds(30))
            })
        #expect(try await world.run(judging: [true], ordersSteps: true, maxTime: .seconds(60)).verdict == .fixed)
        #expect(world.clock.sleeps == [.seconds(30)])
    }

    @Test func `is asked for anew when the command fails and work goes on`() async throws {
        let script = ScriptedTools.Script(change: Self.change, fittingOrders: [true, true])
        let world = LoopWorld(
            .says(Said.patch("c1")), .says(Said.done), .says(Said.order("o1")), .says(Said.patch("c2")),
            .says(Said.done), .says(Said.order("o2")), tools: script)
        #expect(try await world.run(judging: [false, true], ordersSteps: true).verdict == .fixed)
        #expect(world.judgements == [ScriptedTools.commit(101), ScriptedTools.commit(102)])
    }

    @Test func `is not asked for again when it went wrong once`() async throws {
        let script = ScriptedTools.Script(change: Self.change)
        let world = LoopWorld(
            .says(Said.patch("c1")), .says(Said.done), .says(Said.message("No.")), .says(Said.patch("c2")),
            .says(Said.done), tools: script)
        #expect(try await world.run(judging: [false, true], ordersSteps: true).verdict == .fixed)
        #expect(world.tools.openings == 1)
    }

    @Test func `stays when the model gives up`() async throws {
        let script = ScriptedTools.Script(change: Self.change, fittingOrders: [true])
        let world = LoopWorld(
            .says(Said.patch("c1")), .says(Said.done), .says(Said.order("o1")), .says(Said.done), .says(Said.done),
            .says(Said.done), tools: script)
        #expect(try await world.run(judging: [false, false, false], ordersSteps: true).verdict == .notFixed)
        #expect(world.tools.standing?.tip == ScriptedTools.commit(101))
    }

    @Test func `is asked for without a command, too`() async throws {
        let world = world(.says(Said.order("o1")), fitting: [true])
        #expect(try await world.run(ordersSteps: true).verdict == .unverified)
        #expect(world.tools.standing?.hasSeries == true)
    }

    @Test(arguments: [true, false])
    func `is closed for the model whatever it said`(_ fits: Bool) async throws {
        let world = world(.says(Said.order("o1")), .says(Said.message("No.")), fitting: [fits])
        _ = try await world.run(judging: [true], ordersSteps: true)
        #expect(world.tools.openings == 1)
        #expect(!world.tools.isOrdering)
    }
}

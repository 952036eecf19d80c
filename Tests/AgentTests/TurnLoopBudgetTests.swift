import Responses
import Session
import TestSupport
import Testing

@testable import Agent

/// What the limits of a run do to it.
@Suite struct `A limit` {
    @Test func `of turns ends the run before another request`() async throws {
        let world = LoopWorld(.says(Said.shell("c1")), .says(Said.shell("c2")), .says(Said.shell("c3")))
        let ending = try await world.run(judging: [], maxTurns: 2)
        #expect(ending.verdict == .budget)
        #expect(ending.message == "2 turns are used up (--max-turns), and the task is not done")
        #expect(world.model.windows.count == 2)
    }

    @Test func `that is nearly reached is told to the model once, behind the answers`() async throws {
        let world = LoopWorld(
            .says(Said.shell("c1")), .says(Said.shell("c2")), .says(Said.shell("c3")), .says(Said.shell("c4")),
            .says(Said.shell("c5")))
        let ending = try await world.run(judging: [], maxTurns: 5)
        #expect(ending.flagForMore == "--max-turns 5")
        let told = world.model.windows.map { window in
            window.items.filter { $0.messageText?.contains("4 turns of 5") == true }.count
        }
        #expect(told == [0, 0, 0, 0, 1])
        #expect(world.model.windows.last?.items.last?.messageText?.contains("Used so far") == true)
        #expect(world.model.windows.last?.unansweredCalls.isEmpty == true)
    }

    @Test func `of tokens that a server does not tell is said to be kept by nobody, once`() async throws {
        let world = LoopWorld(.says(Said.shell("c1")), .says(Said.shell("c2")), .says(Said.done))
        _ = try await world.run(maxTokens: 10)
        let notices = world.events.all.compactMap { if case .notice(let text) = $0 { text } else { nil } }
        #expect(
            notices == ["the server does not say how many tokens a response takes; --max-tokens cannot be kept"])
    }

    @Test func `of tokens counts those of all responses`() async throws {
        let world = LoopWorld(
            .says(Said.shell("c1"), tokens: 600), .says(Said.shell("c2"), tokens: 600), .says(Said.shell("c3")))
        let ending = try await world.run(judging: [], maxTokens: 1000)
        #expect(ending.message.hasPrefix("1200 tokens are used up (--max-tokens)"))
        #expect(world.model.windows.count == 2)
    }

    @Test func `that is not reached ends nothing`() async throws {
        let world = LoopWorld(
            .says(Said.shell("c1"), tokens: 99).after { $0.advance(by: .seconds(59)) }, .says(Said.done))
        let ending = try await world.run(maxTurns: 2, maxTokens: 100, maxTime: .seconds(60))
        #expect(ending.verdict == .unverified)
    }

    @Test func `lets a claim in the last turn be judged`() async throws {
        let world = LoopWorld(.says(Said.patch("c1")), .says(Said.done))
        #expect(try await world.run(judging: [true], maxTurns: 2).verdict == .fixed)
    }

    @Test func `leaves what is committed to the end of the run`() async throws {
        let world = LoopWorld(.says(Said.patch("c1")), .says(Said.shell("c2")))
        let ending = try await world.run(judging: [], maxTurns: 2)
        #expect(ending.verdict == .budget)
        #expect(world.judgements == [])
    }

    @Test func `does not ask for an order of the steps`() async throws {
        let world = LoopWorld(.says(Said.patch("c1")))
        #expect(try await world.run(judging: [], ordersSteps: true, maxTurns: 1).verdict == .budget)
        #expect(world.tools.openings == 0)
    }

    @Test func `ends a task without a command, whatever was done`() async throws {
        let world = LoopWorld(.says(Said.patch("c1")))
        #expect(try await world.run(maxTurns: 1).verdict == .budget)
    }
}

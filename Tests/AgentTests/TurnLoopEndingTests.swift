import Prompts
import Responses
import TestSupport
import Testing

@testable import Agent
@testable import Session

/// How a run ends, and what the model is told when it does not.
@Suite struct `A run` {
    @Test func `without a command that proves it ends unverified`() async throws {
        let ending = try await LoopWorld(.says(Said.patch("c1")), .says(Said.done)).run()
        #expect(ending.verdict == .unverified)
        #expect(ending.message.contains("--verify"))
    }

    @Test func `whose command passes is fixed, on the commit of the last step`() async throws {
        let world = LoopWorld(.says(Said.patch("c1")), .says(Said.done))
        let ending = try await world.run(judging: [true])
        #expect(ending.verdict == .fixed)
        #expect(ending.message.contains("on commit 0000000000,"))
        #expect(world.judgements == [ScriptedTools.commit(1)])
    }

    @Test func `whose command fails goes on until it passes`() async throws {
        let world = LoopWorld(
            .says(Said.patch("c1")), .says(Said.done), .says(Said.patch("c2")), .says(Said.message("Now.")))
        #expect(try await world.run(judging: [false, true]).verdict == .fixed)
        #expect(world.judgements == [ScriptedTools.commit(1), ScriptedTools.commit(2)])
        #expect(world.summary == "Now.")
    }

    private static let doubt = Doubt(
        .protectedPath, isDecisive: true, message: "the test was changed", path: "t.py", line: 3, excerpt: "assert True"
    )

    @Test func `that passes for doubtful reasons is told so once, and then needs a review`() async throws {
        let world = LoopWorld(.says(Said.patch("c1")), .says(Said.done), .says(Said.message("It has to be.")))
        let ending = try await world.run(judgements: [Judgement(isPassing: true, doubts: [Self.doubt])])
        #expect(ending.verdict == .needsReview)
        #expect(ending.message.contains("the test was changed (t.py:3)"))
        let told = try #require(world.model.windows.last?.items.last?.messageText)
        #expect(told.hasPrefix(Prompt.doubted) && told.contains("- the test was changed (t.py:3): `assert True`"))
    }

    @Test func `that does without what is doubtful is fixed`() async throws {
        let world = LoopWorld(
            .says(Said.patch("c1")), .says(Said.done), .says(Said.patch("c2")), .says(Said.message("Now.")))
        let judgements = [Judgement(isPassing: true, doubts: [Self.doubt]), Judgement(isPassing: true)]
        #expect(try await world.run(judgements: judgements).verdict == .fixed)
    }

    @Test func `may have what is only told`() async throws {
        var doubt = Self.doubt
        doubt.isDecisive = false
        let world = LoopWorld(.says(Said.patch("c1")), .says(Said.done))
        #expect(try await world.run(judgements: [Judgement(isPassing: true, doubts: [doubt])]).verdict == .fixed)
    }

    @Test func `that passes and fails is flaky once the model stops`() async throws {
        let world = LoopWorld(.says(Said.patch("c1")), .says(Said.done), .says(Said.message("It does pass.")))
        let mixed = Judgement(isPassing: false, repetitions: Repetitions(passed: 2, total: 3))
        let ending = try await world.run(judgements: [mixed])
        #expect(ending.verdict == .flaky && ending.message.contains("2 of 3 times"))
    }

    @Test func `without a change and with a command that passes now is flaky`() async throws {
        let world = LoopWorld(.says(Said.done))
        let mixed = Judgement(isPassing: true, repetitions: Repetitions(passed: 1, total: 2))
        #expect(try await world.run(judgements: [mixed]).verdict == .flaky)
    }

    @Test func `tells the model what the command printed when it is not believed`() async throws {
        let world = LoopWorld(.says(Said.message("All is fixed!")), .says(Said.patch("c1")), .says(Said.done))
        _ = try await world.run(judging: [false, true])
        let told = try #require(world.model.windows[1].items.last?.messageText)
        #expect(told.hasPrefix("You ended your turn, but the command still fails"))
        #expect(told.hasSuffix("\nIt ended with: exit 1"))
    }

    @Test func `is given up after three claims in a row without a change`() async throws {
        let world = LoopWorld(
            .says(Said.patch("c1")), .says(Said.done), .says(Said.done), .says(Said.done), .says(Said.done))
        let ending = try await world.run(judging: [false, false, false])
        #expect(ending.verdict == .notFixed)
        #expect(world.model.windows.count == 5)
    }

    @Test func `without any change is given up, too`() async throws {
        let world = LoopWorld(.says(Said.done), .says(Said.done), .says(Said.done), .says(Said.done))
        #expect(try await world.run(judging: [false, false, false]).verdict == .notFixed)
    }

    @Test func `has patience anew after a change`() async throws {
        let world = LoopWorld(
            .says(Said.done), .says(Said.done), .says(Said.done), .says(Said.patch("c1")), .says(Said.done),
            .says(Said.done), .says(Said.done), .says(Said.done))
        #expect(try await world.run(judging: [Bool](repeating: false, count: 6)).verdict == .notFixed)
        #expect(world.model.windows.count == 8)
    }

    @Test func `may pass at a second look at the same commit`() async throws {
        let world = LoopWorld(.says(Said.done), .says(Said.done))
        #expect(try await world.run(judging: [false, true]).verdict == .fixed)
    }

    @Test func `in which the model says nothing three times ends with the provider`() async throws {
        let world = LoopWorld(.says(), .says(Said.thought()), .says(Said.message("")))
        let ending = try await world.run(judging: [])
        #expect(ending.verdict == .provider)
        #expect(ending.message.contains("nothing 3 times in a row"))
    }

    @Test(arguments: [Said.shell("c1"), Said.done])
    func `has patience with silence anew after a call or a claim`(_ item: String) async throws {
        let world = LoopWorld(.says(), .says(), .says(item), .says(), .says(), .says())
        #expect(try await world.run(judging: [false]).verdict == .provider)
        #expect(world.model.windows.count == 6)
    }

    @Test func `goes on after commentary alone, with a reminder`() async throws {
        let world = LoopWorld(
            .says(Said.commentary("I look at it.")), .says(Said.patch("c1")), .says(Said.commentary("Almost.")),
            .says(Said.done))
        #expect(try await world.run(judging: [true]).verdict == .fixed)
        #expect(world.summary == "Done.")
        for position in [1, 3] {
            let told = try #require(world.model.windows[position].items.last?.messageText)
            #expect(told.hasPrefix("Your last response was commentary without a tool call"))
        }
    }

    @Test(arguments: [(true, Verdict.fixed), (false, .notFixed)])
    func `takes the third commentary in a row for the end, and lets the command decide`(
        _ passes: Bool, _ verdict: Verdict
    ) async throws {
        let talk = ScriptedModel.Turn.says(Said.thought(), Said.commentary("It is done, I think."))
        let world = LoopWorld(
            .says(Said.patch("c1")), talk, talk, talk, .says(Said.done), .says(Said.done), .says(Said.done))
        #expect(try await world.run(judging: [passes, false, false]).verdict == verdict)
        let claims = world.events.all.compactMap {
            if case .taskClaimed(let summary) = $0 { summary } else { nil }
        }
        #expect(claims.first == "It is done, I think.")
        #expect(world.model.windows.count == (passes ? 4 : 7))
    }

    @Test func `of a task without a command does not end with commentary`() async throws {
        let world = LoopWorld(.says(Said.commentary("First I read.")), .says(Said.patch("c1")), .says(Said.done))
        #expect(try await world.run().verdict == .unverified)
        #expect(world.tools.requests.map(\.calls) == [["c1"]])
    }

    @Test(arguments: [nil, "final_answer"])
    func `ends where the model refuses, in its words`(_ phase: String?) async throws {
        let member = phase.map { #","phase":"\#($0)""# } ?? ""
        let refusal = #"{"type":"message"\#(member),"content":[{"type":"refusal","refusal":"I cannot help."}]}"#
        let ending = try await LoopWorld(.says(Said.patch("c1")), .says(refusal)).run(judging: [])
        #expect(ending.verdict == .provider)
        #expect(ending.message == "the model refuses the task: I cannot help.")
    }

    @Test(arguments: ["max_output_tokens", "max_messages", "something_new"])
    func `asks for smaller steps when a response is cut off, and gives up after three`(_ reason: String) async throws {
        let cut = ScriptedModel.Turn.says(Said.thought(), cutOff: reason)
        let world = LoopWorld(cut, cut, .says(Said.patch("c1")), cut, cut, .says(Said.message("I"), cutOff: reason))
        let ending = try await world.run(judging: [])
        #expect(ending.verdict == .provider)
        #expect(ending.message.contains("cut off 3 times in a row (\(reason))"))
        let told = try #require(world.model.windows[1].items.last?.messageText)
        #expect(told.hasPrefix("Your last response was cut off"))
    }

    @Test func `takes no answer that was cut off for its end`() async throws {
        let world = LoopWorld(.says(Said.message("All is"), cutOff: "max_output_tokens"), .says(Said.done))
        _ = try await world.run()
        #expect(world.summary == "Done.")
    }

    @Test func `reminds a model that says nothing`() async throws {
        let world = LoopWorld(.says(), .says(Said.done))
        #expect(try await world.run().verdict == .unverified)
        let told = try #require(world.model.windows[1].items.last)
        #expect(told.messageText?.hasPrefix("Your last response held neither") == true)
    }

    @Test func `ends with the provider when a filter cuts a response off, and runs nothing of it`() async throws {
        let world = LoopWorld(.says(Said.patch("c1"), cutOff: "content_filter"))
        let ending = await #expect(throws: RunEnding.self) { try await world.run(judging: []) }
        #expect(ending?.verdict == .provider)
        #expect(ending?.message.contains("content filter") == true)
        #expect(world.tools.requests == [])
        #expect(world.story.lines.suffix(2) == ["turn 1: response apply_patch_call", "turn.completed"])
    }

    @Test func `goes on with what came of a response that was cut off`() async throws {
        let world = LoopWorld(.says(Said.shell("c1"), cutOff: "max_output_tokens"), .says(Said.done))
        #expect(try await world.run(judging: [true]).verdict == .fixed)
        #expect(world.tools.requests.map(\.calls) == [["c1"]])
    }

    @Test func `stops what still runs before the command does, and names it to the model`() async throws {
        let script = ScriptedTools.Script(running: ["p1", "p4"])
        let world = LoopWorld(.says(Said.done), .says(Said.patch("c1")), .says(Said.done), tools: script)
        _ = try await world.run(judging: [false, true])
        let told = try #require(world.model.windows[1].items.last?.messageText)
        #expect(told.contains("\nStopped before that: p1, p4.\n"))
        let order = world.story.lines.filter { $0.hasPrefix("command") }
        #expect(order == ["commands are stopped", "command is run", "commands are stopped", "command is run"])
    }

    @Test func `ends with the judge's error`() async throws {
        let world = LoopWorld(.says(Said.done))
        await #expect(throws: RunEnding.self) {
            try await world.run(judging: [true]) { throw RunEnding(.sandbox, "no checkout") }
        }
    }

    @Test func `ends before another request when the journal cannot be written`() async throws {
        let world = LoopWorld(.says(Said.shell("c1")), .says(Said.done))
        let events = world.events
        world.tools.change {
            $0.answering = { events.fail(SessionError(.journal, "cannot write the journal")) }
        }
        let error = await #expect(throws: SessionError.self) { try await world.run() }
        #expect(error?.code == .journal)
        #expect(world.model.windows.count == 1)
    }
}

import Prompts
import Repository
import Responses
import Session
import TestSupport
import Testing

@testable import Agent

/// Where a session goes on, and what the model hears then.
@Suite struct `A session that goes on` {
    private static let result = RunResult(verdict: .budget, message: "1 turn is used up (--max-turns)")

    private func state(_ events: [RunEvent]) -> SessionState {
        var state = SessionState()
        for event in events { state.apply(event) }
        return state
    }

    private static let start = RunStart(
        repository: "/r", base: "b", start: "s", branch: "graft/x", tree: "/t", task: nil, command: "make", model: "m",
        endpoint: "e", sandbox: "s", time: 0)

    private func turn(_ number: Int, _ items: String...) throws -> [RunEvent] {
        try [.turnStarted(number)] + items.map { .responseItem(try Item(Array($0.utf8)), turn: number) }
            + [.turnCompleted(TurnReport(turn: number, response: ResponseID("r"), usage: nil, duration: .zero))]
    }

    private func said(_ text: String) -> RunEvent { .inputItem(.message(role: "user", text: text), turn: 1) }

    private func place(_ events: some Sequence<RunEvent>, prompt: String? = nil) -> Continuation {
        Continuation(state([.runStarted(Self.start)] + Array(events)), prompt: prompt)
    }

    private static let claim = RunEvent.taskClaimed(summary: "Done.")

    @Test func `asks as it would have where the model has not answered yet`() throws {
        #expect(place([said("task")]) == .request)
        #expect(place([said("task"), .turnStarted(1)]) == .request)
    }

    @Test func `tells why it was stopped, and a prompt instead where there is one`() throws {
        let work = try turn(1, Said.shell("c1"))
        #expect(place(work) == .told("\(Prompt.resumed)\nIts process was killed.\n"))
        #expect(
            place(work + [.runFinished(Self.result)]) == .told("\(Prompt.resumed)\n1 turn is used up (--max-turns)\n"))
        #expect(place(work, prompt: "And this.") == .told("\(Prompt.newest)\nAnd this.\n"))
    }

    @Test func `goes on with a claim of which nothing has come`() throws {
        let done = try turn(1, Said.shell("c1")) + turn(2, Said.done) + [Self.claim]
        #expect(place(done) == .claimed("Done.", orderings: nil))
        #expect(place(done.dropLast()) == .claimed("Done.", orderings: nil))
        let stopped = RunEvent.runFinished(RunResult(verdict: .interrupted, message: ""))
        #expect(place(done + [stopped]) == .claimed("Done.", orderings: nil))
        let gaveUp = done + [.runFinished(RunResult(verdict: .notFixed, message: "It fails."))]
        #expect(place(gaveUp) == .told("\(Prompt.resumed)\nIt fails.\n"))
        #expect(place(done + [said("still failing")]) == .told("\(Prompt.resumed)\nIts process was killed.\n"))
    }

    @Test func `goes on with the order of the steps where it was`() throws {
        let asked = try turn(1, Said.done) + [Self.claim, said("\(Prompt.order)\nh1")]
        #expect(place(asked) == .claimed("Done.", orderings: 0))
        #expect(place(asked + (try turn(2, Said.order("c1")))) == .claimed("Done.", orderings: 1))
        // A response that called nothing has ended it.
        #expect(place(asked + (try turn(2, Said.done))) == .claimed("Done.", orderings: TurnLoop.patienceForOrder))
        let ordered = RunEvent.seriesOrdered(SeriesReport(commits: [], tree: "t", stepCount: 2))
        #expect(place(asked + (try turn(2, Said.order("c1"))) + [ordered]) == .claimed("Done.", orderings: 0))
        #expect(
            place(asked + (try turn(2, Said.done)) + [said("still failing")])
                == .told("\(Prompt.resumed)\nIts process was killed.\n"))
    }

    @Test func `has nothing left to do where the command has passed on its last commit`() throws {
        let commit = String(repeating: "a", count: 40)
        let report = CommandReport(exitCode: 0, ending: "exit 0", duration: .zero, output: "", outputByteCount: 0)
        let events: [RunEvent] =
            try turn(1, Said.done) + [
                .commitCreated(CommitReport(id: commit, subject: "One", files: [])), Self.claim,
                .verified(Verification(commit: commit, report: report)),
            ]
        guard case .proved(let id) = place(events) else {
            Issue.record("it was proved")
            return
        }
        #expect(id.hex == commit)
    }

    @Test func `counts its turns on, and says what it has to say before it asks`() async throws {
        let world = LoopWorld(.says(Said.shell("c1")), .says(Said.done))
        _ = try await world.run(from: .told("Go on."), earlierTurns: 4)
        let turns = world.story.lines.filter { $0.hasPrefix("turn ") && $0.hasSuffix("started") }
        #expect(turns == ["turn 5 started", "turn 6 started"])
        #expect(world.model.windows[0].items.last?.messageText == "Go on.")
        #expect(world.tools.requests.map(\.turn) == [5])
    }

    @Test func `judges a claim without asking anything`() async throws {
        let world = LoopWorld()
        let ending = try await world.run(judging: [true], from: .claimed("Done.", orderings: nil))
        #expect(ending.verdict == .fixed && world.model.windows.isEmpty && world.summary == "Done.")
    }
}

/// What a person says while the model works.
@Suite struct `A message of the person` {
    @Test func `is taken between turns, behind the answers, as the newest instruction`() async throws {
        let world = LoopWorld(.says(Said.shell("c1")), .says(Said.done))
        world.tools.change { [messages = world.messages] in
            $0.answering = { messages.add("Keep Python 3.9.") }
        }
        _ = try await world.run()
        let items = world.model.windows[1].items
        #expect(items.last?.messageText == "\(Prompt.newest)\nKeep Python 3.9.\n")
        #expect(items.dropLast().last?.isOutput == true)
        #expect(world.model.windows[0].items.count + 3 == items.count)
    }

    @Test func `comes in the order in which it was said`() async throws {
        let world = LoopWorld(.says(Said.done))
        world.messages.add("First.")
        world.messages.add("Second.")
        _ = try await world.run()
        let texts = world.model.windows[0].items.suffix(2).map(\.messageText)
        #expect(texts == ["\(Prompt.newest)\nFirst.\n", "\(Prompt.newest)\nSecond.\n"])
    }

    @Test func `that comes while the model ends is done before anything is judged`() async throws {
        let said = Gate()
        let world = LoopWorld(.says(Said.done).after { _ in try await said.pass() }, .says(Said.done))
        async let ending = world.run(judging: [true])
        world.messages.add("One more.")
        said.open()
        #expect(try await ending.verdict == .fixed)
        #expect(world.judgements.count == 1)
        #expect(world.model.windows.last?.items.last?.messageText?.contains("One more.") == true)
    }
}

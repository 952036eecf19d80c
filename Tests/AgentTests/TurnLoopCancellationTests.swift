import Responses
import TestSupport
import Testing
import Text

@testable import Agent

/// What becomes of a run that is cancelled, wherever it is just then.
@Suite(.timeLimit(.minutes(1))) struct `A cancelled run` {
    private let halt = Halt()

    /// Cancels a run at the halt, and looks at what is left of it.
    private func cancel(_ world: LoopWorld, judging verdicts: [Bool]? = nil, ordersSteps: Bool = false) async throws {
        let halt = halt
        let run = Task {
            try await world.run(judging: verdicts, ordersSteps: ordersSteps) { try await halt.stay() }
        }
        try await halt.isReached()
        run.cancel()
        await #expect(throws: CancellationError.self) { try await run.value }
        #expect(world.model.openRequests == 0)
        #expect(world.tools.openWork == 0)
        #expect(!world.story.lines.contains { $0.hasPrefix("turn failed") })
    }

    @Test func `ends while the model thinks`() async throws {
        try await cancel(LoopWorld(.hangs(halt)))
    }

    @Test func `ends while tools work`() async throws {
        let world = LoopWorld(.says(Said.shell("c1")), .says(Said.done))
        world.tools.change { [halt] in $0.answering = { try await halt.stay() } }
        try await cancel(world)
        #expect(world.model.windows.count == 1)
        #expect(world.story.lines.last == "sync")
    }

    @Test func `ends while what commands have changed is committed`() async throws {
        let world = LoopWorld(.hangs())
        world.tools.change { [halt] in $0.settling = { try await halt.stay() } }
        try await cancel(world)
        #expect(world.story.lines.contains("settled"))
    }

    @Test(arguments: [nil, [true]])
    func `ends while commands are stopped`(_ verdicts: [Bool]?) async throws {
        let world = LoopWorld(.says(Said.done))
        world.tools.change { [halt] in $0.windingUp = { try await halt.stay() } }
        try await cancel(world, judging: verdicts)
        #expect(world.judgements == [])
    }

    @Test func `ends while the command runs`() async throws {
        try await cancel(LoopWorld(.says(Said.done)), judging: [true])
    }

    @Test func `ends while the steps are ordered, which is no trouble to tell of`() async throws {
        let change = SampleDiff.tree([SampleDiff.file("a.txt", SampleDiff.hunk("-one\n+two\n"))])
        let world = LoopWorld(
            .says(Said.patch("c1")), .says(Said.done), .hangs(halt), tools: .init(change: change))
        try await cancel(world, judging: [true], ordersSteps: true)
        #expect(world.events.notices == [])
        #expect(world.judgements == [])
    }

    @Test func `ends at once when it was cancelled before`() async throws {
        let world = LoopWorld(.hangs())
        let run = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await world.run()
        }
        await #expect(throws: CancellationError.self) { try await run.value }
        #expect(world.tools.requests == [])
    }
}

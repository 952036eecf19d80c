import Repository
import TestSupport
import Testing

@testable import Agent
@testable import Session

/// What is verified when a run ends in another way than by the model being done.
@Suite(.timeLimit(.minutes(1))) struct `What is committed when a run ends` {
    private let clock = ManualClock()
    private let events = RecordedEvents()
    private let interruption = Interruption()
    private let halt = Halt()
    private let begun = Story()
    private let early = RunEnding(.budget, "2 turns are used up (--max-turns)")
    private let standing = Standing(
        head: ScriptedTools.commit(1), tip: ScriptedTools.commit(1), hasSteps: true, hasSeries: false)

    private func proof(
        passes: Bool = true, stays: Bool = false, baseline: Duration? = .seconds(1), maxTime: Duration? = nil,
        failure: (any Error & Sendable)? = nil, doubts: [Doubt] = []
    ) -> Proof {
        Proof(
            { commit in
                begun.tell(commit.hex)
                if stays { try await halt.stay() }
                if let failure { throw failure }
                return Judgement(isPassing: passes, of: commit, doubts: doubts)
            }, events: events, interruption: interruption, clock: clock.runClock,
            baseline: baseline.map { Judgement(isPassing: false, after: $0).report },
            deadline: maxTime.map { clock.now + $0 })
    }

    private var verified: [Verification] {
        events.all.compactMap { if case .verified(let verification) = $0 { verification } else { nil } }
    }

    @Test(arguments: [
        RunEnding(.budget, "no turns"), RunEnding(.provider, "no quota"), RunEnding(.temporary, "no server"),
        RunEnding(.internal, "a bug"), RunEnding(.interrupted, "stopped"),
    ])
    func `is verified, and the run is good where the command passes`(_ ending: RunEnding) async {
        let closed = await proof().close(ending, at: standing)
        #expect(closed.verdict == .fixed)
        #expect(closed.message.hasSuffix("verified on a clean checkout; the run ended early: \(ending.message)"))
        #expect(verified.map(\.commit) == [standing.tip.hex])
        #expect(events.notices == ["\(ending.message); verifying what is committed; ctrl-C skips it"])
    }

    @Test func `changes nothing where the command fails`() async {
        let closed = await proof(passes: false).close(early, at: standing)
        #expect(closed.verdict == .budget && closed.message == early.message)
        #expect(verified.count == 1)
    }

    @Test func `needs a review where it passes for doubtful reasons`() async {
        let doubt = Doubt(.protectedPath, isDecisive: true, message: "the test was changed", path: "t.py")
        let closed = await proof(doubts: [doubt]).close(early, at: standing)
        #expect(closed.verdict == .needsReview)
        #expect(closed.message.hasSuffix("the test was changed (t.py); the run ended early: \(early.message)"))
    }

    @Test func `is not verified where there is nothing`() async {
        var standing = standing
        standing.hasSteps = false
        #expect(await proof().close(early, at: standing).verdict == .budget)
        #expect(begun.lines == [] && events.notices == [])
    }

    @Test(arguments: [true, false])
    func `is not verified twice`(_ passes: Bool) async throws {
        let proof = proof(passes: passes)
        #expect(try await proof.judge(standing.tip).isPassing == passes)
        #expect(await proof.close(early, at: standing).verdict == (passes ? .fixed : .budget))
        #expect(begun.lines.count == 1)
    }

    @Test func `is verified where an older commit was`() async throws {
        let proof = proof()
        _ = try await proof.judge(ScriptedTools.commit(7))
        #expect(await proof.close(early, at: standing).verdict == .fixed)
        #expect(begun.lines == [ScriptedTools.commit(7).hex, standing.tip.hex])
    }

    @Test(arguments: [
        (Interruption.Reason.timeUp, Duration.seconds(2), Duration.seconds(34)),
        (.timeUp, .seconds(290), .seconds(300)),
        (.interrupted, .seconds(2), .seconds(14)), (.interrupted, .seconds(59), .seconds(60)),
        (.terminated, .zero, .seconds(5)),
    ])
    func `is given a limited time when the run was stopped`(
        _ reason: Interruption.Reason, _ baseline: Duration, _ limit: Duration
    ) async throws {
        interruption.raise(reason)
        let proof = proof(stays: true, baseline: baseline)
        async let closing = proof.close(RunEnding(reason), at: standing)
        try await clock.hasSleeper()
        #expect(clock.sleeps == [limit])
        clock.advance(by: limit)
        let closed = await closing
        #expect(closed.verdict == RunEnding(reason).verdict)
        #expect(verified == [])
        // Once is enough.
        #expect(await proof.close(closed, at: standing).verdict == closed.verdict)
        #expect(begun.lines.count == 1)
    }

    @Test(arguments: [
        (Interruption.Reason.timeUp, Duration.seconds(301)), (.interrupted, .seconds(61)), (.terminated, .seconds(6)),
    ])
    func `is not begun on where the time cannot suffice`(_ reason: Interruption.Reason, _ baseline: Duration) async {
        interruption.raise(reason)
        #expect(await proof(baseline: baseline).close(RunEnding(reason), at: standing).verdict != .fixed)
        #expect(begun.lines == [] && events.notices == [])
    }

    @Test func `is skipped by a second signal`() async throws {
        #expect(interruption.raise(.interrupted))
        async let closing = proof(stays: true).close(RunEnding(Interruption.Reason.interrupted), at: standing)
        try await halt.isReached()
        #expect(events.notices.last?.contains("verifying what is committed; ctrl-C again skips it") == true)
        #expect(interruption.raise(.interrupted))
        #expect(await closing.verdict == .interrupted)
        #expect(verified == [])
        #expect(!interruption.raise(.interrupted), "there is nothing more to stop")
    }

    @Test(arguments: [Interruption.Reason.interrupted, .terminated])
    func `is not begun in earnest when a signal has come just before`(_ reason: Interruption.Reason) async {
        interruption.raise(reason)
        await #expect(throws: CancellationError.self) { try await proof(stays: true).judge(standing.tip) }
        #expect(verified == [])
    }

    @Test func `is left alone when the signals have come before`() async {
        interruption.raise(.interrupted)
        interruption.raise(.interrupted)
        #expect(await proof().close(RunEnding(Interruption.Reason.interrupted), at: standing).verdict == .interrupted)
        #expect(begun.lines == [])
    }

    @Test func `is left alone when a signal has ended a verification`() async throws {
        let (proof, tip) = (proof(stays: true), standing.tip)
        let judging = Task { try await proof.judge(tip) }
        interruption.onRaise { judging.cancel() }
        try await halt.isReached()
        interruption.raise(.interrupted)
        await #expect(throws: CancellationError.self) { try await judging.value }
        #expect(await proof.close(RunEnding(Interruption.Reason.interrupted), at: standing).verdict == .interrupted)
        #expect(begun.lines.count == 1)
    }

    @Test func `counts where the time was up during its verification`() async throws {
        let gate = Gate()
        let proof = Proof(
            { _ in
                try await halt.stay(until: gate)
                return Judgement(isPassing: true, of: ScriptedTools.commit(1))
            }, events: events, interruption: interruption, clock: clock.runClock, baseline: nil,
            deadline: clock.now + .seconds(100))
        let tip = standing.tip
        let judging = Task { try await proof.judge(tip) }
        interruption.onRaise { judging.cancel() }
        try await halt.isReached()
        interruption.raise(.timeUp)
        gate.open()
        await #expect(throws: CancellationError.self) { try await judging.value }
        #expect(await proof.close(RunEnding(Interruption.Reason.timeUp), at: standing).verdict == .fixed)
        #expect(verified.count == 1)
    }

    @Test func `is told of where it cannot be verified`() async {
        let proof = proof(failure: RunEnding(.sandbox, "there is no sandbox"))
        #expect(await proof.close(early, at: standing).verdict == .budget)
        #expect(events.notices.last == "what is committed could not be verified: there is no sandbox")
    }

    @Test func `is not verified where the journal is lost`() async {
        events.fail(SessionError(writing: "journal.jsonl", 28))
        #expect(await proof().close(early, at: standing).verdict == .budget)
        #expect(begun.lines == [])
    }
}

/// The end of a run's time.
@Suite(.timeLimit(.minutes(1))) struct `The time of a run` {
    @Test func `interrupts it when it is up`() async throws {
        let (clock, interruption, stopped) = (ManualClock(), Interruption(), Gate())
        interruption.onRaise { stopped.open() }
        let task = interruption.raiseTimeUp(at: clock.now + .seconds(60), on: clock.runClock)
        try await clock.hasSleeper()
        #expect(interruption.reason == nil)
        clock.advance(by: .seconds(60))
        try await stopped.pass()
        await task.value
        #expect(interruption.reason == .timeUp)
    }

    @Test func `means nothing once the run has ended`() async throws {
        let (clock, interruption) = (ManualClock(), Interruption())
        let task = interruption.raiseTimeUp(at: clock.now + .seconds(60), on: clock.runClock)
        task.cancel()
        await task.value
        #expect(interruption.reason == nil)
    }
}

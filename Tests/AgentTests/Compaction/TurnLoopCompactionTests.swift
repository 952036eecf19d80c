import Configuration
import Responses
import Session
import TestSupport
import Testing

@testable import Agent

/// What a run does about a history that grows long.
@Suite struct `A long history` {
    private static let milestones = CompactionPolicy(mode: .milestones, limit: 272_000)
    private static let overflow = ConnectionMachine.Failure(
        kind: .contextOverflow, error: ProviderError(status: 400, code: "context_length_exceeded", message: "too long"))
    private static let unknown = ConnectionMachine.Failure(
        kind: .permanent, error: ProviderError(status: 400, message: "unknown item type"))
    private static let broken = ConnectionMachine.Failure(
        kind: .temporary, error: ProviderError(status: 500, message: "boom"))

    /// A run whose first call is answered with 50,000 tokens; with the answer to the second, a short one as all that
    /// follow, the milestone is reached.
    private func world(_ more: ScriptedModel.Turn..., milestone: Milestone.Kind? = .rootCause) -> LoopWorld {
        let world = LoopWorld(turns: [.says(Said.shell("c1")), .says(Said.shell("c2"))] + more + [.says(Said.done)])
        world.tools.change { script in
            script.output = String(repeating: "x", count: 200_000)
            script.answering = { [events = world.events, tools = world.tools] in
                tools.change { $0.output = "" }
                guard let milestone, tools.requests.count == 2 else { return }
                events.record(.milestoneReported(Milestone(milestone, summary: "So.", by: .model), turn: 2))
            }
        }
        return world
    }

    private func compactions(_ world: LoopWorld) -> [CompactionReport] {
        world.events.all.compactMap { if case .windowCompacted(let report) = $0 { report } else { nil } }
    }

    @Test func `is compacted at a milestone, and the next request is small`() async throws {
        let world = world()
        world.model.compacting(.init(routes: [.trigger], triggers: [.says(Said.compaction())]))
        #expect(try await world.run(compacting: Self.milestones).verdict == .unverified)
        let report = try #require(compactions(world).first)
        #expect(compactions(world).count == 1)
        #expect(report.reason == .milestone && report.milestone == .rootCause && report.route == .trigger)
        #expect(report.tokensBefore > 50_000 && report.tokensAfter < 2000)
        let window = world.model.windows[2]
        #expect(window.items == report.items && window.epoch == 1)
        // The rules, the task, the compaction, the last call with its answer, and the card.
        #expect(window.items.prefix(2) == LoopWorld.beginning[...])
        #expect(window.items[2].isCompaction && window.items[3].callID == "c2" && window.items[4].callID == "c2")
        #expect(StateCard.isCard(window.items[5]) && window.items.count == 6)
        // What was asked to be compacted is all there was.
        #expect(
            world.model.compacted.first == world.model.windows[1].items + window.items[3...4] + [.compactionTrigger])
    }

    @Test(arguments: [CompactionMode.threshold, .server, .off])
    func `is left alone at a milestone in other modes`(_ mode: CompactionMode) async throws {
        let world = world()
        world.model.compacting(.init(routes: [.trigger], triggers: [.says(Said.compaction())]))
        _ = try await world.run(compacting: CompactionPolicy(mode: mode, limit: 272_000))
        #expect(compactions(world).isEmpty && world.model.compacted.isEmpty)
    }

    @Test func `that is short is left alone at a milestone`() async throws {
        let world = world()
        world.tools.change { $0.output = String(repeating: "x", count: 40_000) }
        world.model.compacting(.init(routes: [.trigger], triggers: [.says(Said.compaction())]))
        _ = try await world.run(compacting: Self.milestones)
        #expect(world.model.compacted.isEmpty)
    }

    @Test(arguments: [CompactionMode.milestones, .threshold])
    func `is compacted when the window is nearly full`(_ mode: CompactionMode) async throws {
        let world = world(milestone: nil)
        world.model.compacting(.init(routes: [.trigger], triggers: [.says(Said.compaction())]))
        _ = try await world.run(compacting: CompactionPolicy(mode: mode, limit: 70_000))
        #expect(compactions(world).map(\.reason) == [.threshold])
    }

    @Test func `is not compacted if the server counts fewer tokens than were estimated`() async throws {
        let world = world(milestone: nil)
        world.model.compacting(.init(routes: [.trigger], triggers: [.says(Said.compaction())], count: 20_000))
        _ = try await world.run(compacting: CompactionPolicy(mode: .threshold, limit: 70_000))
        #expect(compactions(world).isEmpty)
    }

    @Test func `goes to the endpoint where there is no trigger, and that is remembered`() async throws {
        let world = LoopWorld(
            .says(Said.shell("c1")), .says(Said.shell("c2")), .says(Said.shell("c3")), .says(Said.done))
        world.tools.change { $0.output = String(repeating: "x", count: 60_000) }
        let server = try Item(Array(Said.compaction().utf8))
        world.model.compacting(
            .init(
                routes: [.trigger, .endpoint], triggers: [.fails(Self.unknown)],
                endpoint: { items in items.filter { $0.role == "user" } + [server] }))
        _ = try await world.run(compacting: CompactionPolicy(mode: .threshold, limit: nil, threshold: 25_000))
        #expect(compactions(world).map(\.route) == [.endpoint, .endpoint])
        let asked = world.model.compacted
        #expect(asked.count == 3 && asked[0].last == .compactionTrigger && asked[1].last != .compactionTrigger)
        // The second time the first card is not sent for compaction.
        #expect(!asked[2].contains { StateCard.isCard($0) })
    }

    @Test func `is summed up by the model where the server has no way`() async throws {
        let world = world()
        world.model.compacting(
            .init(routes: [.summary], summaries: [.says(Said.message("The limit in a.c is off by one."))]))
        _ = try await world.run(compacting: Self.milestones)
        #expect(compactions(world).map(\.route) == [.summary])
        #expect(world.model.windows[2].items[2].messageText?.hasSuffix("The limit in a.c is off by one.") == true)
    }

    @Test(arguments: [
        [ScriptedModel.Turn.fails(broken)], [.says(Said.done)], [.says(Said.compaction("1"), Said.compaction("2"))],
        [.says()],
    ])
    func `that cannot be compacted stays as it is, which is said once`(_ answers: [ScriptedModel.Turn]) async throws {
        let world = world(.says(Said.shell("c3")))
        world.model.compacting(.init(routes: [.trigger], triggers: answers))
        #expect(try await world.run(compacting: Self.milestones).verdict == .unverified)
        #expect(compactions(world).isEmpty && world.events.notices.count == 1)
        #expect(world.events.notices.first?.hasPrefix("the conversation could not be shortened: ") == true)
        // The chain went on with the request for a compaction: it must not be continued.
        #expect(world.story.lines.contains("chain is broken"))
        #expect(
            world.model.windows[3].items.prefix(world.model.windows[2].items.count) == world.model.windows[2].items[...]
        )
        #expect(world.model.compacted.count == 1)
    }

    @Test func `that takes too long to compact stays as it is`() async throws {
        let halt = Halt()
        let world = world()
        world.model.compacting(.init(routes: [.trigger], triggers: [.hangs(halt)]))
        async let ending = world.run(compacting: Self.milestones)
        try await halt.isReached()
        try await world.clock.hasSleeper()
        world.clock.advance(by: Compaction.longestTry)
        #expect(try await ending.verdict == .unverified)
        #expect(world.events.notices.first?.contains("no answer within 4 min") == true)
    }

    @Test func `is not compacted again at once after that has freed too little`() async throws {
        // Each step alone is longer than what a compaction takes away before it.
        let more = (3...9).map { ScriptedModel.Turn.says(Said.shell("c\($0)")) }
        let world = LoopWorld(turns: [.says(Said.shell("c1")), .says(Said.shell("c2"))] + more + [.says(Said.done)])
        world.tools.change { $0.output = String(repeating: "x", count: 4000) }
        world.model.compacting(
            .init(
                routes: [.endpoint],
                endpoint: { items in items.dropLast(3) + [try Item(Array(Said.compaction().utf8))] }))
        _ = try await world.run(compacting: CompactionPolicy(mode: .threshold, limit: nil, threshold: 2500))
        #expect(world.model.compacted.count < 4)
    }

    // MARK: Too long

    @Test(arguments: CompactionMode.allCases)
    func `that the server refuses is compacted once, and the request made again`(_ mode: CompactionMode) async throws {
        let world = world(.fails(Self.overflow), milestone: nil)
        world.model.compacting(.init(routes: [.trigger], triggers: [.says(Said.compaction())]))
        #expect(try await world.run(compacting: CompactionPolicy(mode: mode, limit: nil)).verdict == .unverified)
        #expect(compactions(world).map(\.reason) == [.overflow])
        // What was asked to be compacted is shorter than what did not fit.
        let refused = Window(world.model.windows[2].items).tokenEstimate
        #expect(Window(world.model.compacted[0]).tokenEstimate < refused / 4 * 3 + 500)
        #expect(world.model.windows[3].items == compactions(world)[0].items)
    }

    @Test func `is cut down further for the compaction itself until it fits`() async throws {
        let world = world(.fails(Self.overflow), milestone: nil)
        world.model.compacting(
            .init(
                routes: [.summary],
                summaries: [.fails(Self.overflow), .fails(Self.overflow), .says(Said.message("All of it."))]))
        #expect(try await world.run(compacting: CompactionPolicy(mode: .off, limit: nil)).verdict == .unverified)
        let sizes = world.model.compacted.map { Window($0).tokenEstimate }
        #expect(sizes.count == 3 && sizes[1] < sizes[0] && sizes[2] < sizes[1])
    }

    @Test func `that does not fit even then ends the run with a word about what to do`() async throws {
        let world = world(.fails(Self.overflow), .fails(Self.overflow), milestone: nil)
        world.model.compacting(.init(routes: [.trigger], triggers: [.says(Said.compaction())]))
        let error = await #expect(throws: RunEnding.self) { try await world.run(compacting: Self.milestones) }
        #expect(error?.verdict == .provider)
        #expect(error?.message.contains("not even shortened (too long)") == true)
        #expect(error?.message.contains("graft resume") == true)
        #expect(world.model.compacted.count == 1)
    }

    @Test func `that cannot be compacted when it must be ends the run`() async throws {
        let world = world(.fails(Self.overflow), milestone: nil)
        world.model.compacting(.init(routes: [.trigger], triggers: [.fails(Self.broken)]))
        let error = await #expect(throws: RunEnding.self) { try await world.run(compacting: Self.milestones) }
        #expect(error?.message.hasPrefix("the conversation does not fit") == true)
    }

    // MARK: By the server

    @Test func `that the server has compacted by itself begins there from then on`() async throws {
        let world = world(.says(Said.compaction(), Said.thought(), Said.shell("c3")), milestone: nil)
        world.model.compacting(.init(routes: [.trigger]))
        _ = try await world.run(compacting: CompactionPolicy(mode: .server, limit: 400_000))
        let report = try #require(compactions(world).first)
        #expect(report.reason == .server && report.route == .server && world.model.compacted.isEmpty)
        let window = world.model.windows[3].items
        #expect(window == report.items && window.prefix(2) == LoopWorld.beginning[...])
        #expect(window[2].isCompaction)
        #expect(window[3...].compactMap(\.callID) == ["c2", "c2", "c3", "c3"])
        #expect(window.last.map(StateCard.isCard) == true)
    }
}

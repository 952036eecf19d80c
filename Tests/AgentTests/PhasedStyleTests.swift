import Configuration
import Responses
import Session
import Synchronization
import TestSupport
import Testing
import Text

@testable import Agent

@Suite struct `The effort of a run` {
    private func style(_ effort: PhasedValue?) -> PhasedStyle {
        var settings = Settings()
        (settings.effort, settings.verbosity) = (effort, "low")
        return PhasedStyle(settings)
    }

    @Test func `changes with the phase, and only then`() {
        var style = style(PhasedValue([.start: "high", .afterRootCause: "medium", .ordering: "low"]))
        #expect(style.enter(.start) == nil)
        #expect(style.enter(.ordering) == ResponseStyle(effort: "low", verbosity: "low"))
        #expect(style.enter(style.reached) == ResponseStyle(effort: "high", verbosity: "low"))
        #expect(style.enter(.afterRootCause)?.effort == "medium")
        #expect(style.enter(.afterFix) == nil)
        #expect(style.enter(.compaction) == nil)
        #expect(style.enter(.ordering)?.effort == "low")
        #expect(style.enter(style.reached)?.effort == "medium" && style.reached == .afterFix)
    }

    @Test func `stays what it is where no phase has another`() {
        var style = style("high")
        for phase in WorkPhase.allCases { #expect(style.enter(phase) == nil) }
    }

    @Test func `follows the milestones that are reported`() async throws {
        let world = LoopWorld(
            .says(Said.shell("c1")), .says(Said.shell("c2")), .says(Said.shell("c3")), .says(Said.done))
        let events = world.events
        let kinds = Mutex<[Milestone.Kind]>([.reproduced, .rootCause, .fixApplied])
        world.tools.change {
            $0.answering = {
                let kind = kinds.withLock { $0.removeFirst() }
                events.record(.milestoneReported(Milestone(kind, summary: "So.", by: .model), turn: 1))
            }
        }
        _ = try await world.run(
            effort: PhasedValue([.start: "high", .afterRootCause: "medium", .afterFix: "low"]))
        #expect(world.model.styles.map { $0?.effort } == [nil, nil, "medium", "low"])
    }

    @Test func `is another while the steps are ordered`() async throws {
        let change = SampleDiff.tree([SampleDiff.file("a.txt", SampleDiff.hunk("-one\n+two\n"))])
        let order = ScriptedTools.Script(change: change, fittingOrders: [true])
        let world = LoopWorld(
            .says(Said.patch("c1")), .says(Said.done), .says(Said.order("c2")), .says(Said.shell("c3")),
            .says(Said.done),
            tools: order)
        _ = try await world.run(
            judging: [false, true], ordersSteps: true,
            effort: PhasedValue([.start: "high", .ordering: "low"]))
        #expect(world.model.styles.map { $0?.effort } == [nil, nil, "low", "high", "high"])
    }
}

import Configuration
import Responses
import Session
import Testing

@testable import Agent

/// When a history is made shorter.
@Suite struct `A policy of compaction` {
    @Test func `is to compact at 70 percent of the window, or earlier where that is set`() {
        let usual = CompactionPolicy(mode: .milestones, limit: 100_000)
        #expect(!usual.isFull(69_999) && usual.isFull(70_000))
        let early = CompactionPolicy(mode: .threshold, limit: 100_000, threshold: 30_000)
        #expect(early.isFull(30_000) && early.threshold == 30_000)
        #expect(CompactionPolicy(mode: .threshold, limit: 100_000, threshold: 90_000).threshold == 70_000)
        #expect(CompactionPolicy(mode: .threshold, limit: nil, threshold: 9000).isFull(9000))
    }

    @Test func `waits for the server where the server is to do it, and does it where the server has not`() {
        var policy = CompactionPolicy(mode: .server, limit: 100_000)
        #expect(!policy.isFull(94_000) && policy.isFull(95_000))
        policy.notCompacted(71_000)
        #expect(!policy.isFull(94_000))
        policy.notCompacted(80_000)
        #expect(policy.isFull(70_000))
    }

    @Test func `that is off compacts nothing by itself`() {
        let policy = CompactionPolicy(mode: .off, limit: 1000)
        #expect(!policy.isFull(1_000_000) && !policy.takesMilestones(at: 1_000_000))
    }

    @Test(arguments: CompactionMode.allCases) func `takes milestones in its own mode alone`(_ mode: CompactionMode) {
        #expect(CompactionPolicy(mode: mode, limit: nil).takesMilestones(at: 1) == (mode == .milestones))
    }

    @Test func `does not try again at once after one that freed too little, or came to nothing`() {
        var policy = CompactionPolicy(mode: .milestones, limit: 100_000)
        policy.compacted(from: 80_000, to: 70_000)
        #expect(!policy.isFull(75_000) && !policy.takesMilestones(at: 75_000) && !policy.canHelp(80_000))
        #expect(policy.isFull(87_500))
        policy.compacted(from: 90_000, to: 20_000)
        #expect(policy.isFull(70_000) && policy.canHelp(1))
        policy.failed(at: 70_000)
        #expect(!policy.isFull(80_000) && policy.isFull(87_500))
    }

    @Test func `learns the window from what the server refuses`() {
        var policy = CompactionPolicy(mode: .milestones, limit: nil)
        #expect(!policy.isFull(1_000_000))
        policy.refused(40_000)
        policy.refused(60_000)
        #expect(policy.limit == 40_000 && policy.isFull(28_000))
    }

    @Test(arguments: [
        ("gpt-5.5", 272_000), ("gpt-6.1-sol", 272_000), ("gpt-4.1-mini", 1_047_576), ("gpt-4o", 128_000),
        ("o4-mini", 200_000), ("openai/gpt-5.4", 272_000), ("my-deployment", 272_000),
    ])
    func `knows the windows of models`(_ model: String, _ tokens: Int) {
        #expect(ModelWindow.tokens(of: model, provider: .openai) == tokens)
        #expect(ModelWindow.tokens(of: model, provider: .compatible) == nil)
    }

    /// The figures of docs/compaction.md.
    @Test(arguments: [
        (Milestone.Kind.rootCause, CompactionReport.Route.trigger, 22_000, 23_000),
        (.reproduced, .trigger, 17_000, 18_000), (.fixApplied, .trigger, 50_000, 52_000),
        (.rootCause, .endpoint, 61_000, 62_000),
    ])
    func `compacts at a milestone from the size on at which it pays`(
        _ milestone: Milestone.Kind, _ route: CompactionReport.Route, _ less: Int, _ more: Int
    ) {
        #expect(!CompactionCost(before: less, after: 6000, route: route).isWorthwhile(at: milestone))
        #expect(CompactionCost(before: more, after: 6000, route: route).isWorthwhile(at: milestone))
    }

    @Test func `does not compact for the last two turns`() {
        #expect(!CompactionCost(before: 200_000, after: 6000, route: .trigger).isWorthwhile(at: .verified))
    }
}

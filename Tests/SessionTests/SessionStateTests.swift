import Foundation
import JSON
import Responses
import TestSupport
import Testing

@testable import Session

@Suite struct SessionStateTests {
    private func call(_ id: String) throws -> Item {
        try Item(Array(#"{"type":"function_call","call_id":"\#(id)","name":"f","arguments":"{}"}"#.utf8))
    }

    private func answer(_ id: String) -> Item {
        Item(type: "function_call_output", callID: id) { $0.member("output", "") }
    }

    private func state(_ events: [RunEvent]) -> SessionState {
        var state = SessionState()
        for event in events { state.apply(event) }
        return state
    }

    private func turn(_ number: Int, _ items: Item...) -> [RunEvent] {
        [.turnStarted(number)] + items.map { .responseItem($0, turn: number) }
            + [.turnCompleted(TurnReport(turn: number, response: ResponseID("r"), usage: nil, duration: .zero))]
    }

    @Test(arguments: SampleJournal.all) func `the events of a run add up to its result`(_ name: String) throws {
        let lines = try SampleJournal.lines(name)
        guard case .runFinished(let end)? = lines.last?.event else {
            Issue.record("the journal has no result")
            return
        }
        let state = SampleJournal.state(lines.dropLast())
        var result = state.result(end.verdict, end.message)
        // The clock goes on behind the last event.
        result.duration = end.duration
        // Earlier versions wrote neither the folder nor that the model said it was done.
        if SampleJournal.old.contains(name) {
            (result.sessionFolder, result.summary) = (end.sessionFolder, end.summary)
        }
        #expect(result == end)
        #expect(state.openCalls.isEmpty && state.phase == .running)
        #expect(SampleJournal.state(lines).result == end)
        #expect(SampleJournal.state(lines).phase == .finished)
    }

    @Test func `what a person allowed for the session is known, once, and nothing else is`() {
        func decided(
            _ command: String, _ answer: ApprovalAnswer, _ by: ApprovalDecision.Decider = .person,
            _ rights: ApprovalReport.Rights = .init(network: .hosts(["a.org:443"]), readablePaths: ["/r"])
        ) -> RunEvent {
            .approvalDecided(
                ApprovalReport(command: command, reason: "r", rights: rights), ApprovalDecision(answer, by: by))
        }
        let state = state([
            decided("a", .session), decided("a", .session), decided("b", .once), decided("c", .no),
            decided("d", .session, .rule), decided("a", .session, .person, .init(writablePaths: ["/w"])),
        ])
        #expect(state.grants.map(\.command) == ["a", "a"])
        #expect(state.grants.map(\.rights.writablePaths) == [[], ["/w"]])
    }

    @Test func `the size of the window is what the server counted, and an estimate of what came then`() throws {
        var usage = Usage()
        (usage.input, usage.output) = (5000, 20)
        let response: [RunEvent] = [
            .turnStarted(1), .responseItem(try call("a"), turn: 1),
            .turnCompleted(TurnReport(turn: 1, response: ResponseID("r"), usage: usage, duration: .zero)),
        ]
        let counted = state(response)
        #expect(counted.windowSize.tokens(of: counted.window) == 5020)
        let answered = state(response + [.inputItem(answer("a"), turn: 1)])
        #expect((5021..<5100).contains(answered.windowSize.tokens(of: answered.window)))
        let short = CompactionReport(
            turn: 1, reason: .threshold, route: .summary, tokensBefore: 5020, tokensAfter: 9, duration: .zero,
            items: [.message(role: "user", text: "short")])
        let compacted = state(response + [.windowCompacted(short)])
        #expect(compacted.windowSize.tokens(of: compacted.window) < 2000)
    }

    @Test func `milestones are weighed when a request is made, and when the history is made shorter`() {
        let reached = RunEvent.milestoneReported(Milestone(.rootCause, summary: "", by: .model), turn: 1)
        #expect(state([.turnStarted(1), reached]).work.weighedMilestoneCount == 0)
        #expect(state([.turnStarted(1), reached, .turnStarted(2), reached]).work.weighedMilestoneCount == 1)
    }

    @Test func `what a failed compaction cost is part of the result`() {
        var usage = Usage()
        (usage.input, usage.output) = (70, 7)
        let cost = Cost(amount: 0.25, currency: "USD", date: "2026-01-01")
        let state = state([
            .compactionFailed(FailedCompaction(turn: 1, route: .trigger, reason: "no", usage: usage, cost: cost)),
            .compactionFailed(FailedCompaction(turn: 2, route: .summary, reason: "no", usage: usage, cost: cost)),
        ])
        #expect(state.result.usage.input == 140 && state.result.usage.output == 14)
        #expect(state.result.cost?.amount == 0.5)
    }

    @Test func `the window holds what the model has seen, in order`() throws {
        let lines = try SampleJournal.lines("old-fixed")
        let items = lines.compactMap { line -> Item? in
            switch line.event {
            case .responseItem(let item, _), .inputItem(let item, _): item
            default: nil
            }
        }
        let state = SampleJournal.state(lines)
        #expect(state.window.items == items && items.count > 20)
        #expect(state.turns.count == 8 && state.itemCount == 10)
        #expect(state.steps.count == 2 && state.series?.stepCount == 2)
    }

    @Test func `a call without an answer is open, and one that has begun is known`() throws {
        let events =
            turn(1, try call("a"), try call("b"), try call("c"))
            + [.callStarted(CallStart(callID: "a", name: "f", turn: 1)), .inputItem(answer("a"), turn: 1)]
            + [.callStarted(CallStart(callID: "b", name: "f", turn: 1))]
        let open = state(events).openCalls
        #expect(open.map(\.item.callID) == ["b", "c"])
        #expect(open.map(\.isStarted) == [true, false])
    }

    @Test func `a run that was killed in a call leaves it open and started`() throws {
        let lines = try SampleJournal.lines("fixed")
        let index = try #require(lines.firstIndex { $0.event.kind == .callStarted })
        guard case .callStarted(let call) = lines[index].event else { return }
        let state = SampleJournal.state(lines[...index])
        #expect(state.openCalls.map(\.item.callID) == [call.callID] && state.openCalls[0].isStarted)
        #expect(!SampleJournal.state(lines[..<index]).openCalls[0].isStarted && state.phase == .running)
        let answered = try #require(lines[index...].firstIndex { $0.event.kind == .inputItem })
        #expect(SampleJournal.state(lines[...answered]).openCalls.isEmpty)
    }

    @Test func `a response that did not come to its end is not in the window`() throws {
        let events =
            turn(1, .message(role: "user", text: "x")) + [.turnStarted(2), .responseItem(try call("a"), turn: 2)]
        #expect(state(events).window.items.count == 1)
        #expect(state(events).openCalls.isEmpty)
        #expect(state(events + turn(2, try call("b"))).openCalls.map(\.item.callID) == ["b"])
    }

    @Test func `there is no branch before the first step, and the branch may become another`() {
        let start = EventTable.start
        #expect(start.start != start.base)
        #expect(state([.runStarted(start)]).result.commit == nil)
        #expect(state([.runStarted(start)]).result.branch == nil)
        #expect(state([.runStarted(start), .branchChanged("refs/x")]).result.branch == nil)
        let commit = RunEvent.commitCreated(CommitReport(id: "1", subject: "One", files: []))
        #expect(state([.runStarted(start), .branchChanged("refs/x"), commit]).result.branch == "refs/x")
        #expect(state([.runStarted(start), commit, .branchChanged("refs/x")]).result.branch == "refs/x")
    }

    @Test func `a step behind an ordered series brings the steps back`() {
        let commits = (1...3).map { CommitReport(id: "\($0)", subject: "\($0)", files: []) }
        let ordered = CommitReport(id: "o", subject: "all", files: [])
        let events: [RunEvent] = [
            .runStarted(EventTable.start), .commitCreated(commits[0]), .commitCreated(commits[1]),
            .seriesOrdered(SeriesReport(commits: [ordered], tree: "t", stepCount: 2)),
        ]
        #expect(state(events).result.commits == [ordered] && state(events).result.commit == "o")
        let more = state(events + [.commitCreated(commits[2])])
        #expect(more.result.commits == commits && more.result.commit == "3" && more.series == nil)
    }

    @Test func `the result has what was claimed, verified and spent`() {
        let state = state(EventTable.all.filter { if case .runFinished = $0 { false } else { true } })
        #expect(state.result.summary == "done" && state.result.verification?.commit == "c")
        #expect(state.result.usage.input == 3600 && state.result.turns == 2)
        let numbers = EventTable.all.compactMap { event -> Int? in
            switch event {
            case .itemStarted(let item), .itemUpdated(let item), .itemCompleted(let item): Int(item.id.dropFirst(5))
            default: nil
            }
        }
        #expect(state.itemCount == (numbers.max() ?? 0) + 1 && !numbers.isEmpty)
        #expect(state.failures.isEmpty && state.id != nil)
        #expect(state.result(.budget, "over").verdict == .budget)
    }

    @Test func `numbers that nothing can mean are no trouble`() throws {
        let texts = [
            #"{"type":"baseline.completed","t_ms":-1e400,"ending":"e","duration_ms":1e300,"exit_code":99999999999}"#,
            #"{"type":"turn.completed","t_ms":9e99,"turn":9223372036854775807,"usage":{"input_tokens":9e18}}"#,
            #"{"type":"item.updated","t_ms":0,"item":{"id":"item_9223372036854775807","type":"command_execution","#
                + #""handle":"p","command":"c","output_offset":9,"output_end":-9}}"#,
        ]
        var state = SessionState()
        for text in texts {
            let line = try #require(JournalLine(Array(text.utf8)))
            if case .unknown = line.event { Issue.record("\(text) is unknown") }
            for _ in 0..<3 { state.apply(line.event, at: line.time) }
        }
        #expect(state.result.baseline?.duration == .zero && state.result.baseline?.exitCode == nil)
        #expect(state.result.turns == 3)
    }

    @Test func `nothing traps on a journal whose bytes are changed`() throws {
        var random = SeededRandom(state: 0x5EED)
        for name in SampleJournal.all {
            let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: SampleJournal.path(name))))
            for _ in 0..<60 {
                var mutated = bytes
                for _ in 0..<Int.random(in: 1...200, using: &random) {
                    let at = Int.random(in: mutated.indices, using: &random)
                    switch Int.random(in: 0..<4, using: &random) {
                    case 0: mutated.remove(at: at)
                    case 1: mutated[at] = UInt8.random(in: 0...255, using: &random)
                    case 2: mutated.insert(UInt8(ascii: "9"), at: at)
                    default: mutated[at] = Array("\"{}[]:,0-e\\".utf8).randomElement(using: &random) ?? 0
                    }
                }
                let lines = mutated.split(separator: 0x0A).compactMap { JournalLine(Array($0)) }
                let state = SampleJournal.state(lines)
                for line in lines { #expect(line.event.line(at: line.time) != nil) }
                _ = state.openCalls
            }
        }
    }
}

import Configuration
import JSON
import Repository
import Responses
import Session
import Synchronization
import TestSupport
import Testing

@testable import Agent

/// A session of 400 turns with six compactions: what was said at its beginning is there at its end.
@Suite struct `A session of 400 turns` {
    private static let rules = "Rules.\n- Never weaken a check."
    private static let task =
        "Repair the importer.\nOutput goes to results/final-α.csv, and it must end with a blank line."

    /// Calls a tool in each turn, and keeps what it was asked with; the server's compactions hold nothing readable.
    private final class Worker: Model {
        private struct State {
            var turn = 0
            var windows: [[Item]] = []
            var compactions = 0
        }

        private let state = Mutex(State())
        let compactionRoutes: [CompactionReport.Route] = [.trigger]
        static let turns = 400

        var windows: [[Item]] { state.withLock { $0.windows } }

        func respond(to window: Window, observer: ModelObserver) throws -> ModelResponse {
            let items = state.withLock { state in
                if window.items.last == .compactionTrigger {
                    state.compactions += 1
                    return [Said.compaction("\(state.compactions)")]
                }
                state.windows.append(window.items)
                state.turn += 1
                guard state.turn <= Self.turns else { return [Said.done] }
                // A step has reasoning, words, and a call; every hundredth turn tells of a milestone instead.
                guard state.turn % 100 == 50 else {
                    return [Said.thought(), Said.commentary("Step \(state.turn)."), Said.shell("c\(state.turn)")]
                }
                return [Said.milestone("c\(state.turn)", "progress")]
            }
            return ModelResponse(
                end: ResponseEnd(try JSON(#"{"id":"resp"}"#)), items: try items.map { try Item(Array($0.utf8)) },
                lastEvent: .now, duration: .zero)
        }

        func adopt(_ style: ResponseStyle) {}

        func close() {}
    }

    /// Answers with four kilobytes, as events.
    private struct Tools: TurnTools {
        let events: RecordedEvents

        func answer(_ calls: [ToolCall], commentary: String?, turn: Int, only: String?) -> [Item] {
            calls.map { call in
                events.record(.callStarted(CallStart(callID: call.callID, name: call.name, turn: turn)))
                if call.name == "report_milestone" {
                    let summary = "Part \(turn) is done"
                    events.record(.milestoneReported(Milestone(.progress, summary: summary, by: .model), turn: turn))
                }
                let text = "answer to \(call.callID) " + String(repeating: "y", count: 4000)
                let item = ToolAnswer.text(text).item(for: call)
                events.record(.inputItem(item, turn: turn))
                return item
            }
        }

        func takeNewTools() -> [ToolDefinition] { [] }
        func settle() {}
        func windUp() -> [String] { [] }
        func takeRemarks() -> [String] { [] }
        var standing: Standing? { nil }
        func openOrdering() -> TreeDiff? { nil }
        func closeOrdering() {}
    }

    @Test func `forgets neither rules nor task nor the step it is at`() async throws {
        let (model, events, clock) = (Worker(), RecordedEvents(), ManualClock())
        events.record(
            .runStarted(
                RunStart(
                    repository: "/r", base: "b", start: "b", branch: "graft/x", tree: "/t", task: Self.task,
                    command: "make check", model: "m", endpoint: "e", sandbox: "s", time: 0)))
        let opening = [Item.message(role: "developer", text: Self.rules), .message(role: "user", text: Self.task)]
        for item in opening { events.record(.inputItem(item, turn: 0)) }
        let policy = CompactionPolicy(mode: .threshold, limit: nil, threshold: 65_000)
        var loop = TurnLoop(
            model: model, tools: Tools(events: events), events: events, window: Window(opening),
            budget: Budget(settings: Settings(), start: clock.now), ordersSteps: false, clock: clock.runClock,
            compaction: Compaction(policy: policy, routes: model.compactionRoutes), judge: nil)
        _ = try await loop.run()

        let reports = events.all.compactMap { if case .windowCompacted(let report) = $0 { report } else { nil } }
        #expect(reports.count == 6)
        #expect(reports.allSatisfy { $0.tokensAfter < 8000 && $0.tokensBefore >= 65_000 })
        let windows = model.windows
        #expect(windows.count == Worker.turns + 1)
        var compaction: Item?
        for (turn, items) in windows.enumerated() {
            // The prefix is the same bytes in all requests, the pairs are whole, the size is bounded.
            #expect(items.prefix(2).map(\.raw) == opening.map(\.raw))
            #expect(Window(items).unansweredCalls.isEmpty && Window(items).tokenEstimate < 68_000)
            let calls = Set(items.filter(\.isClientCall).compactMap(\.callID))
            #expect(items.allSatisfy { !$0.isOutput || calls.contains($0.callID ?? "") })
            // There is one compaction at most, and one card, and the step before is there word for word.
            #expect(items.count { $0.isCompaction } <= 1 && items.count { StateCard.isCard($0) } <= 1)
            if turn > 0 { #expect(items.contains { $0.isOutput && $0.callID == "c\(turn)" }) }
            let now = items.first { $0.isCompaction }
            guard now != compaction else { continue }
            compaction = now
            // Right behind a compaction the card stands last, and in it the task, word for word, marked as the newest.
            let card = try #require(items.last?.messageText)
            #expect(StateCard.isCard(try #require(items.last)))
            let marked = try #require(card.firstRange(of: "## The newest instruction (this is what counts)"))
            #expect(card[marked.upperBound...].contains(Self.task))
            #expect(items.count { $0.callID == "c\(turn)" } == 2)
        }
        // At the end: the last condition, the name of the file, a rule from the beginning, and what is done.
        let bytes = String(decoding: windows[Worker.turns].flatMap(\.raw), as: UTF8.self)
        for words in [
            "it must end with a blank line", "results/final-α.csv", "Never weaken a check", "Part 50 is done",
            "Part 250 is done",
        ] { #expect(bytes.contains(words)) }
        // The journal's events add up to the same history, byte for byte: what a later process goes on from.
        #expect(events.state.window.items.map(\.raw) == loop.window.items.map(\.raw))
        #expect(events.state.window.epoch == 6)
        // Nothing of the conversation is gone from the events.
        let said = events.all.compactMap { if case .responseItem(let item, _) = $0 { item.callID } else { nil } }
        #expect(said.count == Worker.turns)
    }
}

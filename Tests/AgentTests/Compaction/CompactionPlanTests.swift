import JSON
import Prompts
import Responses
import Session
import Testing

@testable import Agent

/// What becomes of a history.
@Suite struct `A compacted history` {
    private let rules = Item.message(role: "developer", text: "Rules.")
    private let task = Item.message(role: "user", text: "A task.")
    private let card = Item.message(role: "user", text: StateCard.heading + "\n\nNew.")

    private func item(_ json: String) throws -> Item { try Item(Array(json.utf8)) }

    private func output(_ callID: String, bytes: Int = 1) -> Item {
        ToolOutput.item(callID, String(repeating: "x", count: bytes))
    }

    private func plan(_ items: [Item], keeping limit: Int = 10_000) -> CompactionPlan {
        CompactionPlan([rules, task] + items, opening: [rules, task], keeping: limit)
    }

    @Test func `ends with the last step, its reasoning and answers, and the card`() throws {
        let old = [try item(Said.shell("a")), output("a")]
        let step = [
            try item(Said.thought()), try item(Said.commentary("Now.")), try item(Said.shell("b")),
            try item(Said.shell("c")), output("b"), output("c"),
        ]
        let compaction = try item(Said.compaction())
        let window = plan(old + step).window(.item(compaction), card: card)
        #expect(window == [rules, task, compaction] + step + [card])
        #expect(Window(window).unansweredCalls.isEmpty)
    }

    @Test func `keeps the step before a milestone, for that is what the model was at`() throws {
        let work = [try item(Said.shell("b")), output("b")]
        let milestone = [try item(Said.milestone("m", "root_cause")), output("m")]
        let said = [try item(Said.done), Item.message(role: "user", text: "It still fails.")]
        #expect(plan(work + milestone + said).kept == work + milestone + said)
        #expect(plan([try item(Said.shell("a")), output("a")] + work).kept == work)
    }

    @Test func `keeps nothing from before an earlier compaction, nor its card`() throws {
        let earlier = try item(Said.compaction("1"))
        let old = StateCard.heading + "\n\nOld."
        let kept = [try item(Said.shell("a")), output("a")]
        let items = [earlier] + kept + [Item.message(role: "user", text: old)]
        let window = plan(items).window(.item(try item(Said.compaction("2"))), card: card)
        #expect(window.count { $0.isCompaction } == 1)
        #expect(window.compactMap(\.messageText).filter { $0.hasPrefix(StateCard.heading) } == [card.messageText])
        #expect(plan(items).kept == kept)
        #expect(!plan(items).withoutCards.contains { StateCard.isCard($0) })
    }

    @Test func `takes over what the endpoint returns, unedited and in order, with the rules before it`() throws {
        let listed = try item(
            #"{"id":"msg_1","type":"message","role":"user","status":"completed","#
                + #""content":[{"type":"input_text","text":"A task."}]}"#)
        let output = [listed, try item(#"{ "type":"compaction", "encrypted_content":"x" , "new":1.0}"#)]
        let step = [try item(Said.shell("b")), self.output("b")]
        let window = plan(step).window(.window(output), card: card)
        #expect(window.map(\.raw) == ([rules] + output + step + [card]).map(\.raw))
        // What the server has kept itself is not sent twice.
        #expect(plan(step).window(.window(output + step), card: card) == [rules] + output + step + [card])
        // A server that returns no messages loses neither the task nor the rules.
        #expect(plan([]).window(.window([output[1]]), card: card) == [rules, task, output[1], card])
    }

    @Test func `holds what people have said since the task, and the card has it in order`() throws {
        let said = ["Rather do this.", "No, that:\n- and quickly."].map {
            Item.message(role: "user", text: "\(Prompt.newest)\n\($0)\n")
        }
        let items = [said[0], try item(Said.shell("a")), output("a"), said[1], try item(Said.shell("b")), output("b")]
        let window = plan(items).window(.item(try item(Said.compaction())), card: card)
        #expect(window.prefix(4) == [rules, task] + said)
        let instructions = CompactionPlan.instructions(in: window)
        #expect(instructions == ["Rather do this.", "No, that:\n- and quickly."])
        let text = StateCard(SessionState(), said: instructions).text
        #expect(text.hasSuffix("## The newest instruction (this is what counts)\n\nNo, that:\n- and quickly.\n"))
        #expect(text.contains("\n1. Rather do this.\n"))
    }

    @Test func `holds the instructions of folders that the model has come to`() throws {
        let nested = Item.message(role: "user", text: Prompt.nestedInstructions + "\nUse tabs in lib/.")
        let items = [
            try item(Said.shell("a")), output("a"), nested, try item(Said.shell("b")), output("b"),
            try item(Said.shell("c")), output("c"),
        ]
        let compaction = try item(Said.compaction())
        let first = plan(items).window(.item(compaction), card: card)
        #expect(first == [rules, task, nested, compaction] + items.suffix(2) + [card])
        // They are there after the next compaction, too, and once.
        let second = CompactionPlan(first + items.suffix(2), opening: [rules, task], keeping: 10_000)
        #expect(second.window(.item(compaction), card: card) == first)
    }

    @Test func `holds the tools that were added and found, so that they can be called again`() throws {
        let added = Item.adding([.applyPatch])
        let search = try item(
            #"{"type":"tool_search_call","call_id":"s","execution":"client","arguments":{"query":"q"}}"#)
        let found = try item(
            #"{"type":"tool_search_output","call_id":"s","execution":"client","tools":[{"type":"namespace","name":"n","#
                + #""tools":[{"type":"function","name":"f","defer_loading":true,"parameters":{"defer_loading":1}}]}]}"#)
        let thought = try item(Said.thought())
        let hosted = [
            try item(#"{"type":"tool_search_call","execution":"server","call_id":null,"arguments":{}}"#),
            try item(#"{"type":"tool_search_output","execution":"server","call_id":null,"tools":[]}"#),
        ]
        let (work, step) = ([try item(Said.shell("a")), output("a")], [try item(Said.shell("b")), output("b")])
        let compaction = try item(Said.compaction())
        let window = plan([added, search, found, thought] + hosted + work + step).window(.item(compaction), card: card)
        let again = try item(
            #"{"type":"additional_tools","role":"developer","tools":[{"type":"namespace","name":"n","#
                + #""tools":[{"type":"function","name":"f","parameters":{"defer_loading":1}}]}]}"#)
        #expect(window == [rules, task, added, again, thought] + hosted + [compaction] + step + [card])
        #expect(Window(window).unansweredCalls.isEmpty)
        // A second time nothing is there twice.
        let second = CompactionPlan(window + step, opening: [rules, task], keeping: 10_000)
        #expect(second.opening == [rules, task, added, again, thought] + hosted)
    }

    @Test func `holds a summary of the model as a message behind the task`() throws {
        let window = plan([]).window(.summary("It is the limit."), card: card)
        #expect(window[2].messageText == CompactionPlan.summaryHeading + "\n\nIt is the limit.")
        #expect(window.count == 4 && window[2].role == "user")
    }

    @Test func `has shortened answers in a last step that is too long, and still all its calls`() throws {
        let step = [try item(Said.shell("b")), output("b", bytes: 400_000)]
        let kept = plan(step, keeping: 5000).kept
        #expect(kept[0] == step[0] && kept[1].callID == "b")
        #expect(kept[1].byteCount < 30_000 && kept[1].json?["output"]?.string?.contains("bytes left out") == true)
    }

    @Test(arguments: [100_000, 20_000, 5000, 300, 1])
    func `is cut down to a size for one request, and never in the middle of a pair`(_ target: Int) throws {
        var items: [Item] = []
        for number in 0..<40 {
            items += [
                try item(Said.thought()), try item(Said.shell("c\(number)")), output("c\(number)", bytes: 6000),
            ]
        }
        let trimmed = plan(items).trimmed(toTokens: target)
        let size = trimmed.reduce(0) { $0 + $1.tokenEstimate }
        // The last step stays whatever happens.
        #expect(size <= max(target, 300))
        #expect(trimmed.prefix(2) == [rules, task] && Window(trimmed).unansweredCalls.isEmpty)
        #expect(trimmed.last?.callID == "c39")
        let calls = Set(trimmed.filter(\.isClientCall).compactMap(\.callID))
        #expect(trimmed.allSatisfy { !$0.isOutput || calls.contains($0.callID ?? "") })
    }
}

/// Answers of tools.
enum ToolOutput {
    static func item(_ callID: String, _ text: String) -> Item {
        Item(type: "function_call_output", callID: callID) { $0.member("output", text) }
    }
}

import Foundation
import JSON
import Responses
import Testing

@testable import Session

@Suite struct EventTests {
    @Test(arguments: EventTable.all) func `what is written is read back`(_ event: RunEvent) throws {
        let line = try #require(event.line(at: .microseconds(12_345)))
        #expect(line.last == 0x0A && line.dropLast().allSatisfy { $0 >= 0x20 })
        let read = try #require(JournalLine(line.dropLast()))
        #expect(read.event == event)
        #expect(read.time == .microseconds(12_345))
        #expect(read.event.line(at: read.time) == line)
        #expect(JournalLine.kind(of: Array(line)) == event.kind)
    }

    @Test func `the table has every kind of event`() {
        #expect(Set(EventTable.all.compactMap(\.kind)) == Set(RunEvent.Kind.allCases))
    }

    @Test func `what only streams is not written`() {
        #expect(RunEvent.textDelta("a", phase: nil).line(at: .zero) == nil)
        #expect(RunEvent.reasoningDelta("a").line(at: .zero) == nil)
        #expect(RunEvent.progress(.ordering).line(at: .zero) == nil)
    }

    @Test(arguments: [
        #"{"type":"weather.changed","t_ms":1.50,"to":{"a":[1, 2]}}"#,
        #"{ "t_ms": 3, "type": "x" }"#, #"{"type":"run.started","t_ms":0,"repository":"only"}"#,
        #"{"type":"item.completed","t_ms":0,"item":{"id":"item_0","type":"hologram"}}"#,
        #"{"type":"turn.started","t_ms":0,"turn":"one"}"#,
    ]) func `an event that nobody knows survives byte for byte`(_ text: String) throws {
        let line = try #require(JournalLine(Array(text.utf8)))
        guard case .unknown = line.event else {
            Issue.record("\(line.event) is known")
            return
        }
        #expect(line.event.line(at: .seconds(9)) == Array(text.utf8) + [0x0A])
        let journal = Journal(listeners: [])
        let folder = FileManager.default.temporaryDirectory.appending(path: "events-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try journal.open(folder: folder)
        journal.record(line.event)
        journal.close()
        #expect(try String(contentsOfFile: folder + "/journal.jsonl", encoding: .utf8) == text + "\n")
    }

    @Test func `members that nobody knows stay in the line`() throws {
        let text = #"{"type":"turn.started","t_ms":0,"turn":4,"mood":"good"}"#
        let line = try #require(JournalLine(Array(text.utf8)))
        #expect(line.event == .turnStarted(4))
        #expect(line.raw == Array(text.utf8))
    }

    @Test(arguments: [
        "", "torn", "{", "[]", "7", "null", "{}", #"{"type":7}"#, "\"run.finished\"", "{\"type\":\"notice\"",
    ])
    func `what is no event is none`(_ text: String) {
        #expect(JournalLine(Array(text.utf8)) == nil)
    }

    @Test func `a line of a megabyte is read whole`() throws {
        let output = String(repeating: "é\"\n\u{1}", count: 1 << 18)
        let event = RunEvent.itemCompleted(RunItem(id: "item_0", content: .error(output)))
        #expect(JournalLine(try #require(event.line(at: .zero)).dropLast())?.event == event)
    }
}

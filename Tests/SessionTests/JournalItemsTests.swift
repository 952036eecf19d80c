import Foundation
import Glibc
import Responses
import Session
import Testing

/// The history of a long run lies in its journal, not in memory.
@Suite struct JournalItemsTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "items-\(UUID().uuidString)").path
    private let journal = Journal(listeners: [])

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try journal.open(folder: folder)
    }

    private static let long = String(repeating: "é\\n", count: 400)
    private static let turn = TurnReport(turn: 1, response: ResponseID("resp_1"), usage: nil, duration: .zero)

    private func item(_ text: String) throws -> Item {
        try Item(Array(#"{"type":"shell_call_output", "call_id":"c","output":"\#(text)"}"#.utf8))
    }

    /// What was released is read from the file: without the file it is gone.
    private func emptyFile() { truncate(folder + "/journal.jsonl", 0) }

    @Test func `an item that the server has is read from the file, byte for byte`() throws {
        let items = [try item(Self.long), try item(Self.long + "x")]
        let raw = items.map(\.raw)
        journal.record(.notice("before"))
        journal.record(.inputItem(items[0], turn: 1))
        journal.record(.responseItem(items[1], turn: 1))
        journal.record(.turnCompleted(Self.turn))
        #expect(items.map(\.raw) == raw)
        #expect(journal.state.window.items.map(\.raw) == raw)
        #expect(journal.failure == nil)
        emptyFile()
        #expect(items.map(\.raw) == [[], []])
    }

    @Test func `an item that cannot be read back is trouble with the journal`() throws {
        let item = try item(Self.long)
        journal.record(.inputItem(item, turn: 1))
        journal.record(.turnCompleted(Self.turn))
        emptyFile()
        #expect(item.raw.isEmpty)
        #expect(journal.failure?.description.contains("journal.jsonl") == true)
    }

    @Test func `an item stays in memory until a response shows that the server has it`() throws {
        let item = try item(Self.long)
        journal.record(.inputItem(item, turn: 1))
        journal.record(.turnFailed("no line"))
        emptyFile()
        #expect(item.byteCount > 0 && item.raw.count == item.byteCount)
    }

    @Test func `small items and those that are not in the file as they are stay in memory`() throws {
        let small = try item("ok")
        let broken = try Item(Array("{\n\"type\":\"message\",\"content\":\"\(Self.long)\"}".utf8))
        for item in [small, broken] { journal.record(.responseItem(item, turn: 1)) }
        journal.record(.turnCompleted(Self.turn))
        emptyFile()
        #expect(small.raw.count == small.byteCount && broken.raw.count == broken.byteCount)
    }
}

import Foundation
import JSON
import Responses
import Session
import Testing
import Text

@Suite struct JournalTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "journal-\(UUID().uuidString)").path

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private func lines() throws -> [JSON] {
        let text = try String(contentsOfFile: folder + "/journal.jsonl", encoding: .utf8)
        return try text.split(separator: "\n").map { try JSON(String($0)) }
    }

    @Test func `what happened before the file was opened is in it too, in order`() throws {
        let journal = Journal(listeners: [])
        journal.record(.notice("first"))
        try journal.open(folder: folder)
        journal.record(.notice("second"))
        journal.record(.runFinished(RunResult(verdict: .fixed, message: "done")))
        journal.close()
        #expect(try lines().map { $0["type"]?.string } == ["notice", "notice", "run.finished"])
        #expect(try lines().last?["verdict"]?.string == "fixed")
        #expect(try lines().last?["exit_code"]?.int == 0)
    }

    @Test func `a server's item stands in the journal byte for byte`() throws {
        let raw = #"{ "type":"reasoning","encrypted_content":"g\/A==","n":1.0 }"#
        let journal = Journal(listeners: [])
        try journal.open(folder: folder)
        journal.record(.responseItem(try Item(Array(raw.utf8)), turn: 1))
        journal.close()
        #expect(try lines().first?["item"]?.rawText == raw)
    }

    @Test func `an item with line breaks stays on one line, with its bytes beside it`() throws {
        let raw = "{\n  \"type\": \"message\",\r\n  \"content\": \"a\\nb\"}"
        let journal = Journal(listeners: [])
        try journal.open(folder: folder)
        journal.record(.responseItem(try Item(Array(raw.utf8)), turn: 1))
        journal.close()
        #expect(try lines().count == 1)
        #expect(try lines().first?["item"]?["content"]?.string == "a\nb")
        #expect(try lines().first?["raw"]?.string == raw)
    }

    @Test func `an item with line breaks that is not UTF-8 keeps its bytes but for the breaks`() throws {
        let raw = Array("{\"type\":\n\"message\",\"content\":\"".utf8) + [0xE4] + Array("\"}".utf8)
        let line = try #require(RunEvent.responseItem(try Item(raw), turn: 1).line(at: .zero))
        guard case .responseItem(let item, _)? = JournalLine(line.dropLast())?.event else {
            Issue.record("not read back")
            return
        }
        #expect(item.raw == raw.map { $0 == 0x0A ? 0x20 : $0 })
    }

    @Test func `nothing comes behind the result`() throws {
        let journal = Journal(listeners: [])
        try journal.open(folder: folder)
        journal.record(.runFinished(RunResult(verdict: .interrupted, message: "stopped")))
        journal.record(.notice("late"))
        journal.close()
        #expect(try lines().map { $0["type"]?.string } == ["run.finished"])
    }

    @Test func `items have the shapes that readers of such streams know`() throws {
        let journal = Journal(listeners: [])
        try journal.open(folder: folder)
        let report = CommandReport(
            exitCode: 1, ending: "exit 1", duration: .milliseconds(12), output: "no", outputByteCount: 2)
        journal.record(.itemStarted(RunItem(id: "item_0", content: .commandExecution(command: "ls", nil))))
        journal.record(.itemCompleted(RunItem(id: "item_0", content: .commandExecution(command: "ls", report))))
        journal.record(
            .itemCompleted(
                RunItem(
                    id: "item_1",
                    content: .fileChange(
                        [FileSummary(path: "a", kind: .add)], PatchReport(isApplied: true, message: "Done", diff: "+x"))
                )))
        journal.close()
        let items = try lines().compactMap { $0["item"] }
        #expect(items[0]["status"]?.string == "in_progress")
        #expect(items[1]["type"]?.string == "command_execution")
        #expect(items[1]["exit_code"]?.int == 1)
        #expect(items[1]["status"]?.string == "failed")
        #expect(items[1]["aggregated_output"]?.string == "no")
        #expect(items[2]["changes"]?.rawText == #"[{"path":"a","kind":"add"}]"#)
        #expect(items[2]["status"]?.string == "completed")
    }

    @Test func `a journal is read by the kinds of its events, long lines included`() throws {
        let journal = Journal(listeners: [])
        try journal.open(folder: folder)
        let long = String(repeating: "é", count: 1 << 19)
        for event in [RunEvent.notice("a"), .turnStarted(1), .notice(long), .taskClaimed(summary: "b"), .notice("c")] {
            journal.record(event)
        }
        journal.close()
        let file = try #require(JournalFile(path: folder + "/journal.jsonl"))
        var seen: [RunEvent] = []
        file.forEach([.notice, .turnStarted]) { line in
            seen.append(line.event)
            return seen.count < 3
        }
        #expect(seen == [.notice("a"), .turnStarted(1), .notice(long)])
        #expect(file.lastLine().flatMap(JournalLine.init)?.event == .notice("c"))
    }

    @Test func `what is asked for while the disk is busy is on it in the end`() throws {
        let journal = Journal(listeners: [])
        journal.sync()
        try journal.open(folder: folder)
        for number in 0..<1000 {
            journal.record(.turnStarted(number))
            journal.sync()
        }
        journal.close()
        journal.sync()
        journal.close()
        #expect(try lines().count == 1000 && journal.failure == nil)
    }

    @Test func `a folder that cannot be written gives an error that says what to do`() {
        let error = #expect(throws: SessionError.self) { try Journal(listeners: []).open(folder: "/proc/nowhere") }
        #expect(error?.description.contains("XDG_STATE_HOME") == true)
    }

    @Test func `a session's name sorts by age and fits in a cache key`() {
        var random = SystemRandomNumberGenerator()
        let id = SessionID(secondsSince1970: 1_795_232_100, using: &random)
        #expect(id.rawValue.hasPrefix("20261121-033500-"))
        #expect(id.branch == "graft/\(id)")
        #expect("graft-\(id)".utf8.count <= 64)
    }
}

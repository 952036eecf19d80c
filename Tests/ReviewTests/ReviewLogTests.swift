import Foundation
import JSON
import Repository
import Responses
import Session
import Testing
import Workspace

@testable import Review

@Suite struct ReviewLogTests {
    private let folder: SessionFolder
    private let log: ReviewLog

    init() throws {
        let state = FileManager.default.temporaryDirectory.path + "/graft-test-\(UUID().uuidString.prefix(8))"
        folder = try SessionFolder(SessionID("20261121-0000-aaaa"), environment: ["XDG_STATE_HOME": state])
        log = ReviewLog(folder)
    }

    private func id(_ digit: Int) throws -> CommitID {
        try #require(CommitID(String(repeating: "\(digit)", count: 40)))
    }

    private func write(_ record: ReviewRecord, end: String? = "done") throws {
        try log.append("operation") { record.write(into: &$0) }
        if let end { try log.append(end) { $0.member("n", record.number) } }
    }

    private func record(_ number: Int, _ operation: ReviewRecord.Operation) throws -> ReviewRecord {
        ReviewRecord(number: number, operation: operation, commits: [try id(1)], time: 7)
    }

    @Test func `a record comes back as it was written`() throws {
        var record = try record(1, .accept)
        record.move = .init(name: "refs/heads/main", before: try id(2), after: try id(3))
        record.checkout = "/with \"quotes\" and ü"
        record.accepted = [try id(1): try id(3)]
        record.replaced = [try id(4): [], try id(5): [try id(6), try id(7)]]
        record.undoes = 3
        try write(record, end: nil)
        #expect(log.read().unfinished == record)
        #expect(log.read().nextNumber == 2)
    }

    @Test func `undo takes from the top of what was done`() throws {
        #expect(log.read().stack.isEmpty)
        try write(try record(1, .drop))
        try write(try record(2, .reword), end: "failed")
        try write(try record(3, .squash))
        #expect(log.read().stack.map(\.number) == [1, 3])
        var undo = try record(4, .undo)
        undo.undoes = 3
        try write(undo)
        #expect(log.read().stack.map(\.number) == [1])
        #expect(log.read().unfinished == nil)
        #expect(log.read().nextNumber == 5)
    }

    @Test func `what was accepted is followed through later changes`() throws {
        var accept = try record(1, .accept)
        accept.move = .init(name: "refs/heads/main", before: try id(2), after: try id(3))
        accept.accepted = [try id(1): try id(3)]
        try write(accept)
        var drop = try record(2, .drop)
        drop.replaced = [try id(1): [try id(8)]]
        try write(drop)
        let accepted = log.read().accepted
        #expect(accepted.keys.map(\.hex) == [try id(8).hex])
        #expect(accepted[try id(8)]?.commit == (try id(3)))
        #expect(accepted[try id(8)]?.reference == "refs/heads/main")
    }

    @Test func `a torn line is closed by the next one and is no record`() throws {
        try write(try record(1, .drop))
        let handle = try #require(FileHandle(forWritingAtPath: log.path))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(#"{"type":"operation","n":2,"op":"dr"#.utf8))
        try handle.close()
        #expect(log.read().stack.map(\.number) == [1])
        try write(try record(2, .reword))
        #expect(log.read().stack.map(\.number) == [1, 2])
    }

    @Test func `only one review at a time changes something`() throws {
        let isRefused = try log.locked { (try? log.locked { true }) == nil }
        #expect(isRefused)
        #expect(try log.locked { true })
    }
}

import Foundation
import OS
import Testing

@Suite struct FileDraftTests {
    private let scratch = "/tmp/graft-draft-\(UUID().uuidString.prefix(8))"

    init() throws { try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true) }

    private func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: scratch).sorted() }

    @Test func `what is there stays until all is written, and nothing is left beside it`() throws {
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        let path = scratch + "/file"
        try "old".write(toFile: path, atomically: true, encoding: .utf8)
        let draft = try FileDraft(path)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
        try draft.write(Array("new".utf8))
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
        #expect(try names() == ["file"])
    }

    @Test func `what a link points at is replaced, not the link`() throws {
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        try "old".write(toFile: scratch + "/target", atomically: true, encoding: .utf8)
        symlink("target", scratch + "/link")
        try FileDraft(scratch + "/link").write(Array("new".utf8))
        #expect(try String(contentsOfFile: scratch + "/target", encoding: .utf8) == "new")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: scratch + "/link") == "target")
    }

    @Test func `a device is written to as it is, and its errors are told`() throws {
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        try FileDraft("/dev/null").write([1, 2, 3])
        let error = #expect(throws: SystemError.self) { try FileDraft("/dev/full").write([1]) }
        #expect(error?.number == ENOSPC)
    }

    @Test(arguments: ["", "/none/file"])
    func `a place that cannot be written is told when it is opened`(_ rest: String) {
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        let error = #expect(throws: SystemError.self) { try FileDraft(scratch + rest) }
        #expect([EISDIR, ENOENT].contains(error?.number ?? 0))
    }
}

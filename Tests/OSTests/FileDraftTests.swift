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

    @Test func `nothing lies beside the place before all is written, and what is there can be removed`() throws {
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        let path = scratch + "/file"
        try "old".write(toFile: path, atomically: true, encoding: .utf8)
        let draft = try FileDraft(path)
        #expect(try names() == ["file"])
        chmod(path, 0o640)
        try FileDraft(path).write(Array("new".utf8))
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o640)
        _ = draft
        try FileDraft(path).remove()
        try FileDraft(path).remove()
        try FileDraft("/dev/null").remove()
        #expect(try names() == [])
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

    @Test func `a pipe is opened when somebody reads it`() throws {
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        let path = scratch + "/pipe"
        #expect(mkfifo(path, 0o600) == 0)
        let draft = try FileDraft(path)
        let reader = try Descriptor(opening: path, O_RDONLY)
        try draft.write(Array("new".utf8))
        var bytes = [UInt8](repeating: 0, count: 8)
        #expect(read(reader.raw, &bytes, 8) == 3 && bytes.starts(with: "new".utf8))
    }

    @Test func `a pipe that nobody reads is given up`() throws {
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        let path = scratch + "/pipe"
        #expect(mkfifo(path, 0o600) == 0)
        let draft = try FileDraft(path)
        #expect(throws: SystemError("write \(path)", ENXIO)) { try draft.write([1], patience: .milliseconds(1)) }
        // Somebody comes, and reads nothing of what does not fit into the pipe.
        let reader = try Descriptor(opening: path, O_RDONLY)
        let much = [UInt8](repeating: 0, count: 1 << 20)
        #expect(throws: SystemError("write \(path)", ENXIO)) { try draft.write(much, patience: .milliseconds(50)) }
        withExtendedLifetime(reader) {}
    }
}

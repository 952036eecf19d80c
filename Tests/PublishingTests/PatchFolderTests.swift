import Foundation
import OS
import Testing

@testable import Publishing

@Suite struct PatchFolderTests {
    private let scratch = "/tmp/graft-patches-\(UUID().uuidString.prefix(8))"

    private func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: scratch).sorted() }

    /// The names are those of git 2.39 for the same subjects.
    @Test(arguments: [
        ("Fix: the .. parser... now", "0001-Fix-the-.-parser.-now.patch"), ("a/b\\c 'x'", "0001-a-b-c-x.patch"),
        ("Ünï", "0001-n.patch"), (String(repeating: "x", count: 60), "0001-\(String(repeating: "x", count: 52)).patch"),
        (".hidden -", "0001-.hidden.patch"), ("...", "0001-.patch"), ("a-.b", "0001-a-.b.patch"), ("", "0001-.patch"),
        ("../../etc", "0001-.-.-etc.patch"),
    ])
    func `a patch has the name that git gives it`(_ subject: String, _ name: String) {
        #expect(PatchFile(number: 1, subject: subject, bytes: []).name == name)
    }

    @Test func `nothing is left of an earlier run, and what others put there stays`() throws {
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        let (one, two) = (
            PatchFile(number: 1, subject: "One", bytes: [1]), PatchFile(number: 2, subject: "Two", bytes: [2])
        )
        try PatchFolder(scratch + "/").replace(with: [one, two])
        try "x".write(toFile: scratch + "/notes.txt", atomically: true, encoding: .utf8)
        #expect(try names() == ["0001-One.patch", "0002-Two.patch", "notes.txt", "series"])
        let list = try String(contentsOfFile: scratch + "/series", encoding: .utf8)
        #expect(list.hasSuffix("\n0001-One.patch\n0002-Two.patch\n"))
        try PatchFolder(scratch).replace(with: [PatchFile(number: 1, subject: "Other", bytes: [3])])
        #expect(try names() == ["0001-Other.patch", "notes.txt", "series"])
        try PatchFolder(scratch).replace(with: [])
        #expect(try names() == ["notes.txt"])
    }

    @Test(arguments: ["0001-Mine.patch", "series"])
    func `what would be taken for a patch of Graft is refused`(_ name: String) throws {
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
        try "mine".write(toFile: "\(scratch)/\(name)", atomically: true, encoding: .utf8)
        let error = #expect(throws: PatchFolderError.self) { try PatchFolder(scratch) }
        #expect(error?.name == name)
        #expect(try names() == [name])
    }

    @Test func `a list cannot have a file of another folder removed`() throws {
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        try FileManager.default.createDirectory(atPath: scratch + "/in", withIntermediateDirectories: true)
        try "mine".write(toFile: scratch + "/0001-x.patch", atomically: true, encoding: .utf8)
        try PatchFolder(scratch + "/in").replace(with: [PatchFile(number: 1, subject: "x", bytes: [])])
        let list = scratch + "/in/series"
        let text = try String(contentsOfFile: list, encoding: .utf8) + "../0001-x.patch\n"
        try text.write(toFile: list, atomically: true, encoding: .utf8)
        try PatchFolder(scratch + "/in").replace(with: [])
        #expect(try names() == ["0001-x.patch", "in"])
    }

    @Test func `a folder that cannot be made is told`() throws {
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        try "file".write(toFile: scratch, atomically: true, encoding: .utf8)
        #expect(throws: SystemError.self) { try PatchFolder(scratch) }
        #expect(throws: SystemError.self) { try PatchFolder(scratch + "/below") }
    }
}

import Foundation
import TestSupport
import Testing
import Text

@testable import Repository

@Suite struct `Files on disk` {
    private func write(
        _ files: KeyValuePairs<String, String?>, in fixture: GitFixture, fails: Bool = false
    ) throws {
        let writer = TreeWriter(folder: try RootedFolder(fixture.root))
        let changes = try files.map { path, text in
            TreeWriter.Change(path: try TreePath(BytePath(path)), contents: text.map { Array($0.utf8) }, mode: 0o100644)
        }
        try writer.write(changes) { _ throws(RepositoryError) in
            if fails { throw RepositoryError(.system, "told to fail") }
        }
    }

    /// All that is in the folder, with the modes of folders.
    private func state(_ fixture: GitFixture) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: fixture.root).filter { !$0.hasPrefix(".git") }.map { path in
            let attributes = try FileManager.default.attributesOfItem(atPath: fixture.root + "/" + path)
            return "\(path) \(attributes[.posixPermissions] ?? "") \(fixture.text(path) ?? "folder")"
        }.sorted()
    }

    private static let kinds: [(KeyValuePairs<String, String?>, [String: String])] = [
        (["a": "2", "b": "1"], ["a": "2", "b": "1", "d/x": "x", "d/e/y": "y"]),
        (["d/x": nil, "d/e/y": nil, "d": "new"], ["a": "1", "b": "2", "d": "new"]),
        (["d": "new", "d/e/y": nil, "d/x": nil], ["a": "1", "b": "2", "d": "new"]),
        (["a/x/y": "new", "a": nil, "b": "1"], ["a/x/y": "new", "b": "1", "d/x": "x", "d/e/y": "y"]),
    ]

    @Test(arguments: kinds.indices) func `change places and kinds, all or none`(_ position: Int) throws {
        let (files, expected) = Self.kinds[position]
        let fixture = try GitFixture(["a": "1", "b": "2", "d/x": "x", "d/e/y": "y"])
        let manager = FileManager.default
        try manager.createDirectory(atPath: fixture.root + "/d/empty/inner", withIntermediateDirectories: true)
        try manager.setAttributes([.posixPermissions: 0o750], ofItemAtPath: fixture.root + "/d/empty")
        try manager.setAttributes([.posixPermissions: 0o711], ofItemAtPath: fixture.root + "/d")
        let before = try state(fixture)
        #expect(throws: RepositoryError.self) { try write(files, in: fixture, fails: true) }
        #expect(try state(fixture) == before)
        try write(files, in: fixture)
        let found = try state(fixture).filter { !$0.hasSuffix(" folder") }
        #expect(found.map { String($0.split(separator: " ")[0]) }.sorted() == expected.keys.sorted())
        for (path, text) in expected { #expect(fixture.text(path) == text, "\(path)") }
    }

    @Test func `do not take the place of a folder that has others`() throws {
        let fixture = try GitFixture(["d/x": "x"])
        try fixture.write("d/mine", "mine")
        let before = try state(fixture)
        #expect(throws: RepositoryError.self) { try write(["d/x": nil, "d": "new"], in: fixture) }
        #expect(try state(fixture) == before)
    }
}

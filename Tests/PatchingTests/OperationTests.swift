import Patching
import Testing
import Text

@Suite struct `Operations` {
    private func changes(
        _ operations: [FileOperation], _ files: Files, _ dialect: PatchDialect = .native
    ) throws(PatchError) -> ChangeSet {
        try PatchEngine.changes(operations, dialect: dialect, to: files)
    }

    private func code(
        _ operations: [FileOperation], _ files: Files, _ dialect: PatchDialect = .native
    ) -> PatchError.Code? {
        do throws(PatchError) {
            _ = try changes(operations, files, dialect)
            return nil
        } catch {
            return error.code
        }
    }

    @Test(arguments: [
        ("+a\n+b\n", "a\nb\n", "a\nb\n"), ("+a\n+b", "a\nb\n", "a\nb\n"), ("", "", ""), ("\n", "", ""),
        ("+", "", "\n"), ("+a\n+\n", "a\n", "a\n\n"), ("+a\n+\n+", "a\n\n", "a\n\n\n"),
        ("+a\r\n+b\r\n", "a\r\nb\r\n", "a\nb\n"),
        ("+a\n\\ No newline at end of file\n", "a", "a"), ("++a\n+-b\n", "+a\n-b\n", "+a\n-b\n"),
        ("+é\n\n", "é\n", "é\n"),
    ])
    func `make files of their lines`(_ diff: String, _ native: String, _ envelope: String) throws {
        let operation = FileOperation.create(path: "./n", diff: diff)
        #expect(try changes([operation], Files())["n"]?.contents == Array(native.utf8))
        #expect(try changes([operation], Files(), .envelope)["n"]?.contents == Array(envelope.utf8))
    }

    @Test(arguments: [
        "@@ -0,0 +1,1 @@\n+a\n", "*** Begin Patch\n*** Add File: n\n+a\n*** End Patch\n", "@@\n+a\n*** End of File\n",
        "--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n+a\n",
    ])
    func `make files of what models put around the lines`(_ diff: String) throws {
        #expect(try changes([.create(path: "n", diff: diff)], Files())["n"]?.contents == Array("a\n".utf8))
    }

    @Test(arguments: ["a\n", "+a\nb\n", "+a\n\n+b\n", " a\n", "-a\n", "*** Update File: x\n"])
    func `refuse lines of a new file without plus`(_ diff: String) {
        for dialect in PatchDialect.allCases {
            #expect(code([.create(path: "n", diff: diff)], Files(), dialect) == .badFormat)
        }
    }

    @Test func `follow one another`() throws {
        let files = Files(["a": "1\n", "b": "2\n"])
        let changes = try changes(
            [
                .create(path: "n", diff: "+x\n"), .update(path: "n", diff: "@@\n-x\n+y\n", moveTo: nil),
                .update(path: "a", diff: "@@\n-1\n+3\n", moveTo: nil),
                .update(path: "a", diff: "@@\n-3\n+4\n", moveTo: "d/a"),
                .delete(path: "b"), .create(path: "b", diff: "+5\n"), .create(path: "gone", diff: "+x\n"),
                .delete(path: "gone"),
            ], files)
        #expect(
            changes.changes == [
                FileChange(path: "n", contents: Array("y\n".utf8)), FileChange(path: "a", contents: nil),
                FileChange(path: "d/a", contents: Array("4\n".utf8), modeFrom: "a"),
                FileChange(path: "b", contents: Array("5\n".utf8)),
            ])
    }

    @Test func `that come to nothing change nothing`() throws {
        let files = Files(["a": "1\n", "b": "2\n"])
        for operations: [FileOperation] in [
            [.update(path: "a", diff: "@@\n 1\n", moveTo: nil)], [.update(path: "a", diff: "", moveTo: "a")],
            [.update(path: "a", diff: "", moveTo: "./a")], [.delete(path: "a"), .create(path: "a", diff: "+1\n")],
            [.update(path: "a", diff: "", moveTo: "c"), .update(path: "c", diff: "", moveTo: "a")],
            [.create(path: "c", diff: "+1\n"), .delete(path: "c")], [],
        ] {
            #expect(try changes(operations, files).isEmpty)
        }
    }

    @Test func `that move keep the mode of the first path`() throws {
        let files = Files(["a": "1\n", "b": "2\n"])
        let twice = try changes(
            [.update(path: "a", diff: "", moveTo: "c"), .update(path: "c", diff: "@@\n-1\n+3\n", moveTo: "d")], files)
        #expect(twice["d"] == FileChange(path: "d", contents: Array("3\n".utf8), modeFrom: "a"))
        #expect(twice["c"] == nil)
        let swap = try changes(
            [
                .update(path: "a", diff: "", moveTo: "t"), .update(path: "b", diff: "", moveTo: "a"),
                .update(path: "t", diff: "", moveTo: "b"),
            ], files)
        #expect(swap["a"] == FileChange(path: "a", contents: Array("2\n".utf8), modeFrom: "b"))
        #expect(swap["b"] == FileChange(path: "b", contents: Array("1\n".utf8), modeFrom: "a"))
        #expect(swap["t"] == nil)
        let made = try changes([.create(path: "n", diff: "+x\n"), .update(path: "n", diff: "", moveTo: "m")], files)
        #expect(made.changes == [FileChange(path: "m", contents: Array("x\n".utf8))])
    }

    @Test func `name the files that they replace without having shown them`() throws {
        let files = Files(["a": "1\n", "b": "2\n"])
        func replaced(_ operations: [FileOperation]) throws -> [BytePath] {
            try changes(operations, files, .envelope).replaced
        }
        #expect(try replaced([.create(path: "a", diff: "+x\n")]) == ["a"])
        #expect(try replaced([.create(path: "a", diff: "+1\n")]) == [])
        #expect(try replaced([.create(path: "n", diff: "+x\n"), .create(path: "n", diff: "+y\n")]) == [])
        #expect(try replaced([.delete(path: "a"), .create(path: "a", diff: "+x\n")]) == [])
        #expect(try replaced([.update(path: "a", diff: "", moveTo: "b")]) == ["b"])
        #expect(try replaced([.create(path: "a", diff: "+x\n"), .delete(path: "a")]) == ["a"])
        #expect(try replaced([.update(path: "a", diff: "@@\n-1\n+2\n", moveTo: nil)]) == [])
    }

    @Test func `are refused where files are missing or in the way`() {
        let files = Files(["a": "1\n", "d/x": "2\n"])
        #expect(code([.update(path: "b", diff: "@@\n-1\n+2\n", moveTo: nil)], files) == .fileMissing)
        #expect(code([.delete(path: "b")], files) == .fileMissing)
        #expect(code([.delete(path: "a"), .delete(path: "a")], files) == .fileMissing)
        #expect(code([.update(path: "a", diff: "", moveTo: "c"), .delete(path: "a")], files) == .fileMissing)
        #expect(code([.create(path: "a", diff: "+x\n")], files) == .fileExists)
        #expect(code([.create(path: "a", diff: "+x\n")], files, .envelope) == nil)
        #expect(code([.update(path: "a", diff: "", moveTo: "d/x")], files) == .fileExists)
        #expect(code([.update(path: "a", diff: "", moveTo: "d/x")], files, .envelope) == nil)
        #expect(code([.create(path: "d", diff: "+x\n")], files) == .isDirectory)
        #expect(code([.delete(path: "d")], files) == .isDirectory)
        #expect(code([.create(path: "d/y", diff: "+x\n")], files) == nil)
        #expect(code([.create(path: "a/y", diff: "+x\n")], files) == .notADirectory)
        #expect(code([.update(path: "a", diff: "", moveTo: "a/b")], files) == nil)
        #expect(code([.create(path: "e/f", diff: "+x\n"), .create(path: "e", diff: "+x\n")], files) == .isDirectory)
        #expect(
            code([.create(path: "e", diff: "+x\n"), .create(path: "e/f/g", diff: "+x\n")], files) == .notADirectory)
        #expect(code([.update(path: "a", diff: "", moveTo: nil)], files) == .emptyPatch)
        #expect(code([.update(path: "a", diff: "@@\n-1\n+1\n", moveTo: nil)], files) == .noEffect)
    }

    @Test func `pass on what reading throws`() throws {
        struct Broken: Error {}
        let error = try #require(
            throws: PatchError.self,
            performing: {
                try PatchEngine.changes([.delete(path: "x/y")], dialect: .native, to: Reading { _ in throw Broken() })
            })
        #expect(error.code == .unreadable)
        #expect(error.path == "x/y")
        #expect(error.underlying is Broken)
    }
}

@Suite struct `A change set` {
    private func change(_ path: BytePath, _ text: String?, from source: BytePath? = nil) -> FileChange {
        FileChange(path: path, contents: text.map { Array($0.utf8) }, modeFrom: source)
    }

    @Test func `takes later changes in`() {
        var changes = ChangeSet([change("a", "1"), change("b", nil)])
        changes.merge(ChangeSet([change("b", "2"), change("a", "3"), change("c", nil)]))
        #expect(changes.changes == [change("a", "3"), change("b", "2"), change("c", nil)])
        #expect(changes["c"] == change("c", nil))
        #expect(changes["d"] == nil)
    }

    @Test func `follows a moved file to where it came from`() {
        var changes = ChangeSet([change("a", nil), change("b", "1", from: "a")])
        changes.merge(ChangeSet([change("b", nil), change("c", "2", from: "b")]))
        #expect(changes.changes == [change("a", nil), change("b", nil), change("c", "2", from: "a")])
        changes.merge(ChangeSet([change("c", "3")]))
        #expect(changes["c"] == change("c", "3", from: "a"))
        changes.merge(ChangeSet([change("c", nil), change("a", "3", from: "c")]))
        #expect(changes["a"] == change("a", "3"))
    }
}

import Patching
import Testing
import Text

@Suite struct `A patch as a whole` {
    private static func envelope(_ sections: [String]) -> String {
        (["*** Begin Patch"] + sections + ["*** End Patch"]).joined(separator: "\n")
    }

    private func result(_ text: String, _ files: Files) throws(PatchError) -> [String: String] {
        files.changed(by: try Patch(Array(text.utf8)).changes(to: files))
    }

    private func code(_ text: String, _ files: Files) -> PatchError.Code? {
        do throws(PatchError) {
            _ = try result(text, files)
            return nil
        } catch { return error.code }
    }

    private static func move(_ from: String, _ to: String, _ hunk: String = "") -> String {
        "*** Update File: \(from)\n*** Move to: \(to)\(hunk)"
    }

    @Test func `lets two files change places, with hunks of each`() throws {
        let files = Files(["a": "1\n", "b": "2\n"])
        let sections = [Self.move("a", "b", "\n@@\n-1\n+one"), Self.move("b", "./a", "\n@@\n-2\n+two")]
        for sections in [sections, sections.reversed()] {
            #expect(try result(Self.envelope(sections), files) == ["a": "two\n", "b": "one\n"])
        }
        let changes = try Patch(Array(Self.envelope(sections).utf8)).changes(to: files)
        #expect(changes["a"]?.modeFrom == "b" && changes["b"]?.modeFrom == "a")
        #expect(changes.replaced.isEmpty)
    }

    @Test func `moves files at once in any order`() throws {
        var numbers = SeededNumbers(seed: 6)
        let names = ["a", "b", "c", "d", "e", "\u{E9}", "e\u{301}", "f/g"]
        for round in 0..<500 {
            let count = Int.random(in: 2...names.count, using: &numbers)
            let sources = Array(names.shuffled(using: &numbers).prefix(count))
            // Some of the targets are free, some are those of other moves.
            let targets = (sources + ["x", "y/z"]).shuffled(using: &numbers).prefix(count)
            var (files, expected): (Files, [BytePath: [UInt8]]) = (Files(), [:])
            for name in sources { files.files[BytePath(name)] = Array("\(BytePath(name).bytes)\n".utf8) }
            for (source, target) in zip(sources, targets) {
                expected[BytePath(target)] = files.files[BytePath(source)]
            }
            let pairs = Array(zip(sources, targets)).shuffled(using: &numbers)
            let envelope = Self.envelope(pairs.map { Self.move($0, $1) })
            #expect(
                try files.after(Patch(Array(envelope.utf8)).changes(to: files)) == expected,
                "round \(round): \(envelope)")
            let moved = pairs.filter { !$0.0.utf8.elementsEqual($0.1.utf8) }
            guard !moved.isEmpty else { continue }
            let diff = moved.map { "diff --git a/\($0) b/\($1)\nrename from \($0)\nrename to \($1)\n" }.joined()
            #expect(try files.after(Patch(Array(diff.utf8)).changes(to: files)) == expected, "round \(round): \(diff)")
        }
    }

    @Test(arguments: [
        [move("a", "b"), "*** Delete File: b"], ["*** Delete File: b", move("a", "b")],
        [move("b", "c"), move("a", "b")], [move("a", "b"), move("b", "c")],
    ])
    func `moves a file to a path that it frees`(_ sections: [String]) throws {
        let files = Files(["a": "1\n", "b": "2\n"])
        let isKept = sections.contains { $0.contains("Move to: c") }
        #expect(try result(Self.envelope(sections), files) == (isKept ? ["b": "1\n", "c": "2\n"] : ["b": "1\n"]))
    }

    @Test func `makes a file at a path that it frees`() throws {
        let files = Files(["b": "2\n"])
        let sections = ["*** Add File: b\n+new", Self.move("b", "c")]
        for sections in [sections, sections.reversed()] {
            #expect(try result(Self.envelope(sections), files) == ["b": "new\n", "c": "2\n"])
        }
        let again = ["*** Add File: b\n+new", "*** Delete File: b"]
        for sections in [again, again.reversed()] {
            #expect(try result(Self.envelope(sections), files) == ["b": "new\n"])
        }
        let added = "--- /dev/null\n+++ b/b\n@@ -0,0 +1 @@\n+new\n"
        let gone = "--- a/b\n+++ /dev/null\n@@ -1 +0,0 @@\n-2\n"
        for diff in [added + gone, gone + added] { #expect(try result(diff, files) == ["b": "new\n"]) }
    }

    @Test func `follows its own order where nothing is in the way`() throws {
        let files = Files(["a": "1\n"])
        let chain = [Self.move("a", "b"), Self.move("b", "c", "\n@@\n-1\n+2"), "*** Update File: c\n@@\n-2\n+3"]
        #expect(try result(Self.envelope(chain), files) == ["c": "3\n"])
        let twice = ["*** Update File: a\n@@\n-1\n+2", "*** Update File: a\n@@\n-2\n+3", "*** Delete File: a"]
        #expect(try result(Self.envelope(Array(twice.dropLast())), files) == ["a": "3\n"])
        #expect(try result(Self.envelope(twice), files) == [:])
        let back = [Self.move("a", "b"), Self.move("b", "a", "\n@@\n-1\n+2")]
        #expect(try result(Self.envelope(back), files) == ["a": "2\n"])
    }

    @Test func `refuses to lose a file that it moves`() {
        let files = Files(["a": "1\n", "b": "2\n"])
        #expect(code(Self.envelope([Self.move("a", "c"), Self.move("b", "c")]), files) == .fileExists)
        #expect(code(Self.envelope([Self.move("a", "c"), "*** Add File: c\n+x"]), files) == .fileExists)
        let diff = "diff --git a/a b/b\nrename from a\nrename to b\ndiff --git a/b b/b\nnew file mode 100644\n"
        #expect(code(diff + "diff --git a/b b/c\nrename from b\nrename to c\n", files) == .fileExists)
    }

    private static let folder = ["*** Delete File: d/x", "*** Delete File: d/e/y", "*** Add File: d\n+file"]

    @Test(arguments: [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]])
    func `puts a file in the place of a folder and a folder in that of a file`(_ order: [Int]) throws {
        let files = Files(["d/x": "1\n", "d/e/y": "2\n", "z": "3\n"])
        #expect(try result(Self.envelope(order.map { Self.folder[$0] }), files) == ["d": "file\n", "z": "3\n"])
        let moved = [Self.move("d/x", "x"), Self.move("d/e/y", "y"), Self.move("z", "d")]
        #expect(try result(Self.envelope(order.map { moved[$0] }), files) == ["d": "3\n", "x": "1\n", "y": "2\n"])
        let diffs = [
            "--- a/d/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-1\n", "--- a/d/e/y\n+++ /dev/null\n@@ -1 +0,0 @@\n-2\n",
            "--- /dev/null\n+++ b/d\n@@ -0,0 +1 @@\n+file\n",
        ]
        #expect(try result(order.map { diffs[$0] }.joined(), files) == ["d": "file\n", "z": "3\n"])
        let file = Files(["d": "file\n"])
        let back = ["*** Delete File: d", "*** Add File: d/x\n+1", "*** Add File: d/e/y\n+2"]
        #expect(try result(Self.envelope(order.map { back[$0] }), file) == ["d/x": "1\n", "d/e/y": "2\n"])
        let into = [Self.move("d", "d/d"), "*** Add File: d/x\n+1", "*** Add File: q\n+2"]
        #expect(
            try result(Self.envelope(order.map { into[$0] }), file) == ["d/d": "file\n", "d/x": "1\n", "q": "2\n"])
    }

    @Test func `names the file that keeps a folder in its place`() throws {
        let files = Files(["d/x": "1\n", "d/e/y": "2\n", "d/\u{E9}": "3\n"])
        for sections in [Array(Self.folder.dropFirst()), Self.folder] {
            let error = try #require(throws: PatchError.self) { try result(Self.envelope(sections), files) }
            #expect(error.code == .isDirectory)
            #expect(error.message.hasPrefix("d is a folder with the file 'd/"), "\(error.message)")
        }
        #expect(code(Self.envelope(["*** Update File: d\n@@\n-a\n+b"]), files) == .isDirectory)
        #expect(code(Self.envelope(["*** Delete File: d"]), files) == .isDirectory)
        #expect(code(Self.envelope(["*** Add File: e/f\n+x", "*** Add File: e\n+x"]), files) == .notADirectory)
        #expect(code(Self.envelope(["*** Add File: e\n+x", "*** Add File: e/f\n+x"]), files) == .isDirectory)
    }
}

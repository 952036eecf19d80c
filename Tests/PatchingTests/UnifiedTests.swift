import Patching
import Testing
import Text

@Suite struct `A unified diff` {
    private func changes(_ text: String, _ files: Files) throws(PatchError) -> ChangeSet {
        try Patch(Array(text.utf8), form: .unified).changes(to: files)
    }

    private func code(_ text: String, _ files: Files) -> PatchError.Code? {
        do throws(PatchError) {
            _ = try changes(text, files)
            return nil
        } catch {
            return error.code
        }
    }

    @Test(arguments: [
        ("--- a/f\n+++ b/f\n", "f"), ("--- f\n+++ f\n", "f"), ("--- f.orig\t2026\n+++ f\t2026\n", "f"),
        ("--- \"a/\\303\\274 \\\"x\\\"\"\n+++ \"b/\\303\\274 \\\"x\\\"\"\n", "ü \"x\""),
        ("--- a/a b/c\t\n+++ b/a b/c\t\n", "a b/c"), ("--- a/x\n+++ a/x\n", "a/x"), ("--- i/x\n+++ w/x\n", "x"),
        ("--- old/d/x\n+++ new/d/x\n", "d/x"), ("From: me\n\n--- a note\n\n--- a/f\n+++ b/f\n", "f"),
        ("diff --git a/b/x b/b/x\nindex 1..2 100644\n--- a/b/x\n+++ b/b/x\n", "b/x"),
    ])
    func `names its file in many ways`(_ header: String, _ path: String) throws {
        let files = Files([path: "1\n"])
        #expect(
            try changes(header + "@@ -1 +1 @@\n-1\n+2\n", files).changes
                == [FileChange(path: BytePath(path), contents: Array("2\n".utf8))])
    }

    @Test(arguments: [
        ("diff --git a/x y b/x y\nold mode 100644\nnew mode 100755\n", "x y"),
        ("diff --git x y x y\nold mode 100644\nnew mode 100755\n", "x y"),
        ("diff --git \"a/x\\ty\" \"b/x\\ty\"\nold mode 100644\nnew mode 100755\n", "x\ty"),
    ])
    func `may change only a mode`(_ text: String, _ path: String) throws {
        let change = FileChange(path: BytePath(path), contents: Array("1\n".utf8), mode: .executable)
        #expect(try changes(text, Files([path: "1\n"])).changes == [change])
    }

    @Test func `lets files change places`() throws {
        let swap = ["a b", "b a"].map { pair in
            let names = pair.split(separator: " ")
            return "diff --git a/\(names[0]) b/\(names[1])\nrename from \(names[0])\nrename to \(names[1])\n"
        }.joined()
        let result = try changes(swap, Files(["a": "1\n", "b": "2\n"]))
        #expect(result["a"]?.contents == Array("2\n".utf8))
        #expect(result["a"]?.modeFrom == "b")
        #expect(result["b"]?.contents == Array("1\n".utf8))
    }

    @Test func `copies from the file as it was`() throws {
        let text = """
            diff --git a/a b/a
            --- a/a
            +++ b/a
            @@ -1 +1 @@
            -1
            +2
            diff --git a/a b/c
            copy from a
            copy to c

            """
        let patch = try Patch(Array(text.utf8))
        #expect(patch.form == .unified)
        #expect(patch.summary.map { "\($0.letter) \($0.path)" } == ["A c", "M a"])
        #expect(try changes(text, Files(["a": "1\n"]))["c"]?.contents == Array("1\n".utf8))
    }

    @Test(arguments: [
        ("a\nb\n", "@@ -1,2 +1,2 @@\n a\n-b\n+c", "a\nc\n"),
        ("a\nb", "@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n", "a\nc\n"),
        ("a\nb\n", "@@ -1,2 +1,2 @@\n a\n-b\n+b\n\\ No newline at end of file\n", "a\nb"),
        ("a\r\nb\r\n", "@@ -1,2 +1,2 @@\n a\n-b\n+c\n", "a\r\nc\r\n"),
        ("a\r\nb\n", "@@ -1,2 +1,2 @@\n a\r\n-b\n+b\r\n", "a\r\nb\r\n"),
        ("a\nb\n", "@@ -2,0 +3 @@\n+c\r\n", "a\nb\nc\r\n"), ("", "@@ -0,0 +1 @@\n+c\n", "c\n"),
        ("-- a\nb\n", "@@ -1,2 +1 @@\n--- a\n b\n-- \n2.39.5\n", "b\n"),
        ("a\n\nb\n", "@@ -1,3 +1,3 @@\n a\n\n-b\n+c\n", "a\n\nc\n"),
        ("a\nx\na\n", "@@ -3 +3 @@\n-a\n+b\n", "a\nx\nb\n"), ("q\na\n", "@@ -1 +1 @@\n-a\n+b\n", "q\nb\n"),
        ("a\nx\na\n", "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n", "a\nx\nb\n"),
    ])
    func `is applied to the byte`(_ file: String, _ hunks: String, _ result: String) throws {
        let found = try changes("--- a/f\n+++ b/f\n" + hunks, Files(["f": file]))["f"]?.contents
        #expect(found.map { String(decoding: $0, as: UTF8.self) }?.debugDescription == result.debugDescription)
    }

    @Test(arguments: [
        ("@@ -2 +2 @@\n-a\n+b\n", PatchError.Code.ambiguous), ("@@ -1 +1 @@\n-z\n+b\n", .notFound),
        ("@@ -1 +1 @@\n-a\n+a\n", .noEffect), ("@@ -1,2 +1 @@\n-a\n", .badFormat),
        ("@@ -1 +1 @@\n-a\n+b\n+c\n", .badFormat),
        ("@@ -9,0 +10 @@\n+b\n", .notFound),
        ("@@ -4 +4 @@\n-x\n+b\n@@ -1,0 +2 @@\n+b\n", .notFound), ("@@ line @@\n-a\n+b\n", .badFormat),
    ])
    func `is refused rather than guessed`(_ hunks: String, _ expected: PatchError.Code) {
        #expect(code("--- a/f\n+++ b/f\n" + hunks, Files(["f": "a\nx\na\n"])) == expected)
    }

    @Test func `that is one of a Latin-1 file is bytes`() throws {
        let text =
            Array("--- a/f\n+++ b/f\n@@ -1 +1,2 @@\n-caf".utf8) + [0xE9, 0x0A] + Array("+café\n+th".utf8) + [
                0xE9, 0x0A,
            ]
        let changes = try Patch(text).changes(
            to: Reading { $0 == "f" ? StoredFile(Array("caf".utf8) + [0xE9, 0x0A]) : nil })
        #expect(changes["f"]?.contents == Array("café\nth".utf8) + [0xE9, 0x0A])
    }

    @Test func `of a link is refused, and a link moves as it is`() throws {
        func changes(_ text: String) throws -> ChangeSet {
            try Patch(Array(text.utf8)).changes(
                to: Reading { $0 == "l" ? StoredFile(Array("f".utf8), isLink: true) : nil })
        }
        let error = try #require(throws: PatchError.self) {
            try changes("*** Begin Patch\n*** Update File: l\n@@\n-f\n+g\n*** End Patch")
        }
        #expect(error.code == .symbolicLink)
        #expect(error.message.contains("'f'"))
        let moved = try changes("diff --git a/l b/k\nrename from l\nrename to k\n")
        #expect(moved["k"] == FileChange(path: "k", contents: Array("f".utf8), modeFrom: "l", mode: .link))
        let gone =
            "diff --git a/l b/l\ndeleted file mode 120000\n--- a/l\n+++ /dev/null\n@@ -1 +0,0 @@\n-f\n\\ No newline at end of file\n"
        #expect(try changes(gone)["l"] == FileChange(path: "l", contents: nil))
    }
}

@Suite struct `For any bytes` {
    /// Bytes of a few lines with every kind of ending, and some made of them by edits.
    private static func pair(_ numbers: inout SeededNumbers) -> ([UInt8], [UInt8]) {
        let words: [[UInt8]] =
            ["a", "b", "  b", "", "}", "é", "-- x", "++ y", "@@", "a  ", "\r"].map { Array($0.utf8) } + [
                [0xE9], [0xEF, 0xBB, 0xBF], [0x61, 0xFF], [0],
            ]
        let endings: [[UInt8]] = [[0x0A], [0x0D, 0x0A], [0x0A], [0x0D, 0x0D, 0x0A]]
        let common = endings.randomElement(using: &numbers)
        func line() -> [UInt8] {
            let isOther = Int.random(in: 0..<6, using: &numbers) == 0
            let ending = isOther ? endings.randomElement(using: &numbers) : common
            return (words.randomElement(using: &numbers) ?? []) + (ending ?? [])
        }
        var lines = (0..<Int.random(in: 0...16, using: &numbers)).map { _ in line() }
        func text() -> [UInt8] {
            let whole = lines.flatMap { $0 }
            return Bool.random(using: &numbers) ? Array(whole.dropLast()) : whole
        }
        let old = text()
        for _ in 0..<Int.random(in: 1...5, using: &numbers) {
            let place = Int.random(in: 0...lines.count, using: &numbers)
            switch Int.random(in: 0..<3, using: &numbers) {
            case 0 where place < lines.count: lines.remove(at: place)
            case 1 where place < lines.count: lines[place] = line()
            default: lines.insert(line(), at: place)
            }
        }
        return (old, text())
    }

    private static func isUTF8(_ bytes: [UInt8]) -> Bool { String(validating: bytes, as: UTF8.self) != nil }

    @Test(arguments: [false, true]) func `a patch makes the second of the first, and its reverse undoes it`(
        _ isUnified: Bool
    ) throws {
        var numbers = SeededNumbers(seed: 11)
        for round in 0..<1_500 {
            let (old, new) = Self.pair(&numbers)
            let context = isUnified ? Int.random(in: 0...3, using: &numbers) : 3
            for (from, to) in [(old, new), (new, old)] where from != to {
                let generator = DiffGenerator(context: context, isUnique: !isUnified, hasLineNumbers: isUnified)
                let patch = generator.patch(from, to, isUnified: isUnified)
                // A mark alone is no line; and text beyond ASCII is put into the file's encoding on purpose.
                if from == [0xEF, 0xBB, 0xBF] { continue }
                if !isUnified, Self.isUTF8(patch), !Self.isUTF8(from) { continue }
                let result = Result { () throws(PatchError) in
                    try Patch(patch).changes(to: Reading { $0 == "f" ? StoredFile(from) : nil })["f"]?.contents
                }
                if case .failure(let error) = result, error.code == .notText, from.contains(0) { continue }
                guard case .success(to) = result else {
                    let text = String(decoding: patch, as: UTF8.self).debugDescription
                    Issue.record("round \(round): \(text) on \(from) gave \(result), not \(to)")
                    return
                }
            }
        }
    }

    @Test(
        arguments: [
            // Found by scripts/fuzz: a carriage return at the end of a file without final newline, and a last line that gets
            // the ending the diff has.
            ([], Array("\n\u{4}a\nb\r".utf8)),
            (Array("@\nca\nx\r\nb".utf8), Array("b\n\n\tx\r\nb\n".utf8)),
        ] as [([UInt8], [UInt8])])
    func `that once went wrong a patch is right`(_ old: [UInt8], _ new: [UInt8]) throws {
        for (from, to) in [(old, new), (new, old)] {
            for isUnified in [false, true] {
                let patch = DiffGenerator(hasLineNumbers: isUnified).patch(from, to, isUnified: isUnified)
                let changes = try Patch(patch).changes(to: Reading { $0 == "f" ? StoredFile(from) : nil })
                #expect(changes["f"]?.contents == to)
            }
        }
    }

    @Test func `no patch traps`() {
        var numbers = SeededNumbers(seed: 21)
        let pieces: [[UInt8]] =
            [
                "diff --git a/f b/f", "diff --git a/f b/g", "--- a/f", "+++ b/f", "--- /dev/null", "+++ /dev/null",
                "@@ -1,2 +1,2 @@", "@@ -0,0 +1 @@", "@@ -2 +1,0 @@ x", "@@ -1 +1 @@", " a", "-a", "+b", "", "-", "+",
                " ",
                "rename from f", "rename to g", "copy from f", "copy to g", "new file mode 100644",
                "deleted file mode 100644", "old mode 100644", "new mode 100755", "similarity index 90%",
                "index 1..2 100644", "\\ No newline at end of file", "-- ", "From 1", "GIT binary patch",
                "--- \"a/\\303",
                "*** Begin Patch", "*** End Patch", "@@ -99999999999999999999,1 +1 @@",
                "@@ -9223372036854775807,1 +1 @@",
                "@@ -1,9223372036854775807 +1,9223372036854775807 @@",
            ].map { Array($0.utf8) } + [[0xFF], [0xE9, 0x0D]]
        var applied = 0
        for _ in 0..<20_000 {
            var text: [UInt8] = []
            for _ in 0..<Int.random(in: 1...10, using: &numbers) {
                text +=
                    (pieces.randomElement(using: &numbers) ?? [])
                    + (Bool.random(using: &numbers) ? [0x0A] : [0x0D, 0x0A])
            }
            if Bool.random(using: &numbers) { text = Array("--- a/f\n+++ b/f\n".utf8) + text }
            guard let patch = try? Patch(text, form: .unified) else { continue }
            if (try? patch.changes(to: Reading { $0 == "f" ? StoredFile([0x61, 0x0A]) : nil })) != nil { applied += 1 }
        }
        #expect(applied > 50)
    }
}

import Patching
import Testing
import Text

@Suite struct `Paths that a string takes for one` {
    private static let pairs: [(BytePath, BytePath)] = [
        ("\u{E9}.txt", "e\u{301}.txt"), ("\u{AC00}", "\u{1100}\u{1161}"), ("\u{212B}", "\u{C5}"),
        ("d/\u{1E69}", "d/s\u{323}\u{307}"), ("\u{E9}/a", "e\u{301}/a"),
    ]

    @Test(arguments: pairs) func `are two files for an envelope`(_ one: BytePath, _ other: BytePath) throws {
        let text = """
            *** Begin Patch
            *** Update File: \(one.text)
            @@
             a
            +nfc
            *** Update File: \(other.text)
            @@
             a
            +nfd
            *** End Patch
            """
        let files = Files([one.text: "a\n"]).with(other, "a\n")
        let patch = try Patch(Array(text.utf8))
        let changed = files.after(try patch.changes(to: files))
        #expect(changed == [one: Array("a\nnfc\n".utf8), other: Array("a\nnfd\n".utf8)])
        #expect(patch.summary.map(\.path) == [one, other])
    }

    @Test(arguments: pairs) func `are two files for a rename`(_ one: BytePath, _ other: BytePath) throws {
        let text = "diff --git a/\(one.text) b/\(other.text)\nrename from \(one.text)\nrename to \(other.text)\n"
        let files = Files([one.text: "a\n"])
        #expect(files.after(try Patch(Array(text.utf8)).changes(to: files)) == [other: Array("a\n".utf8)])
        let envelope = "*** Begin Patch\n*** Update File: \(other.text)\n*** Move to: \(one.text)\n*** End Patch"
        let moved = Files([other.text: "a\n"])
        #expect(moved.after(try Patch(Array(envelope.utf8)).changes(to: moved)) == [one: Array("a\n".utf8)])
    }

    @Test(arguments: pairs) func `are two places of a change set`(_ one: BytePath, _ other: BytePath) {
        var changes = ChangeSet([FileChange(path: one, contents: [1])])
        changes.merge(ChangeSet([FileChange(path: other, contents: [2])]))
        #expect(changes.changes.count == 2)
        #expect(changes[one]?.contents == [1] && changes[other]?.contents == [2])
    }

    @Test(arguments: pairs) func `are told apart where one of them is missing`(
        _ one: BytePath, _ other: BytePath
    ) throws {
        let text = "*** Begin Patch\n*** Update File: \(one.text)\n@@\n-a\n+b\n*** End Patch"
        let error = try #require(throws: PatchError.self) {
            try Patch(Array(text.utf8)).changes(to: Files([other.text: "a\n"]))
        }
        #expect(error.code == .fileMissing)
        #expect(error.message.contains("a name that is written otherwise"))
        for path in [one, other] {
            let codes = path.text.unicodeScalars.filter { !$0.isASCII }.map {
                String($0.value, radix: 16, uppercase: true)
            }
            #expect(codes.allSatisfy { error.message.contains("\\u{\($0)}") }, "\(error.message)")
        }
    }

    @Test(arguments: [
        ("readme.md", "README.md"), ("src/Main.swift", "Src/main.swift"), ("a b", "a\u{A0}b"), ("ab", "a\u{200B}b"),
    ])
    func `are pointed at where case, spaces or hidden characters differ`(_ given: String, _ there: String) throws {
        let text = "*** Begin Patch\n*** Delete File: \(given)\n*** End Patch"
        let error = try #require(throws: PatchError.self) {
            try Patch(Array(text.utf8)).changes(to: Files([there: "a\n"]))
        }
        #expect(error.message.contains("There is '"), "\(error.message)")
        let without = try #require(throws: PatchError.self) {
            try Patch(Array(text.utf8)).changes(to: Files(["x": "a\n"]))
        }
        #expect(!without.message.contains("There is '"), "\(without.message)")
    }

    @Test func `are kept apart in any number and order`() throws {
        var numbers = SeededNumbers(seed: 10)
        let names: [[UInt8]] =
            Self.pairs.flatMap { [$0.0.bytes, $0.1.bytes] } + [
                [0xE9], [0xFF, 0x2E], [0xC3], Array("a\nb".utf8), Array("\"q\"".utf8), Array("t\tt".utf8),
                Array("A".utf8), Array("a".utf8), Array("/\u{301}".utf8.dropFirst()), Array("x\r".utf8),
                Array("b\\c".utf8),
            ]
        for round in 0..<300 {
            var files = Files()
            var expected: [BytePath: [UInt8]] = [:]
            var text: [UInt8] = []
            for (position, name) in names.shuffled(using: &numbers).prefix(6).enumerated() {
                let path = BytePath(bytes: name)
                files.files[path] = [0x61, 0x0A]
                expected[path] = Array("\(position)\n".utf8)
                text +=
                    "--- \(Self.quoted("a/", path))\n+++ \(Self.quoted("b/", path))\n@@ -1 +1 @@\n-a\n+\(position)\n"
                    .utf8
            }
            let patch = try Patch(text, form: .unified)
            #expect(files.after(try patch.changes(to: files)) == expected, "round \(round)")
        }
    }

    /// A name as git writes it.
    private static func quoted(_ prefix: String, _ path: BytePath) -> String {
        let octal = path.bytes.map { "\\" + String($0, radix: 8).leftPadded }.joined()
        return "\"\(prefix)\(octal)\""
    }

    @Test func `may be no text at all, raw or in quotes`() throws {
        let path = BytePath(bytes: [0xE9, 0x2E, 0x74])
        var files = Files()
        files.files[path] = Array("a\n".utf8)
        let hunk = Array("@@ -1 +1 @@\n-a\n+b\n".utf8)
        for isQuoted in [true, false] {
            func name(_ side: String) -> [UInt8] {
                Array((isQuoted ? "\"\(side)/\\351.t\"" : "\(side)/").utf8) + (isQuoted ? [] : path.bytes)
            }
            let patch = try Patch(Array("--- ".utf8) + name("a") + Array("\n+++ ".utf8) + name("b") + [0x0A] + hunk)
            #expect(files.after(try patch.changes(to: files)) == [path: Array("b\n".utf8)])
            #expect(patch.lines.map { "\($0.path)" } == ["\"\\351.t\""])
        }
        let envelope = try Patch(
            Array("*** Begin Patch\n*** Update File: ".utf8) + path.bytes + Array("\n@@\n-a\n+b\n*** End Patch".utf8))
        #expect(files.after(try envelope.changes(to: files)) == [path: Array("b\n".utf8)])
    }

    @Test func `are shown without the dots that they were given with`() throws {
        let files = Files(["foo": "a\n", "d/x": "a\n"])
        let text =
            "*** Begin Patch\n*** Update File: ./foo\n*** Move to: ././bar\n*** Delete File: d/./x\n*** End Patch"
        #expect(try Patch(Array(text.utf8)).lines.map { "\($0.letter) \($0.path)" } == ["M bar", "D d/x"])
        for (text, start) in [
            ("*** Begin Patch\n*** Update File: ./foo\n@@\n-x\n+y\n*** End Patch", "foo: "),
            ("*** Begin Patch\n*** Update File: ./none\n@@\n-x\n+y\n*** End Patch", "none: "),
            ("*** Begin Patch\n*** Update File: ./foo\n*** End Patch", "foo: "),
            ("*** Begin Patch\n*** Update File: ./foo\n@@\n*** End Patch", "foo: "),
            ("--- ./foo\n+++ ./foo\n@@ -1 +1 @@\n-x\n+y\n", "foo: "),
            ("--- ./foo\n+++ ./foo\n@@ -1 +1,9 @@\n-x\n+y\n", "foo: "),
        ] {
            let error = try #require(throws: PatchError.self) { try Patch(Array(text.utf8)).changes(to: files) }
            #expect(error.message.hasPrefix(start), "\(error.message)")
            #expect(!error.message.contains("./"), "\(error.message)")
        }
    }
}

extension Files {
    /// The files and one more.
    fileprivate func with(_ path: BytePath, _ text: String) -> Files {
        var files = self
        files.files[path] = Array(text.utf8)
        return files
    }
}

extension String {
    /// Three digits.
    fileprivate var leftPadded: String { String(repeating: "0", count: 3 - utf8.count) + self }
}

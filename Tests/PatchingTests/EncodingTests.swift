import Patching
import Testing
import Text

@Suite struct `A file that is not UTF-8` {
    /// Ways to write text with two or four bytes a code unit.
    enum Wide: CaseIterable {
        case utf16Little, utf16Big, utf32Little, utf32Big

        var name: String { self == .utf16Little || self == .utf16Big ? "UTF-16" : "UTF-32" }

        func bytes(_ text: String, marked: Bool = true) -> [UInt8] {
            let text = (marked ? "\u{FEFF}" : "") + text
            func bytes(_ unit: UInt32, _ size: Int, isLittle: Bool) -> [UInt8] {
                (0..<size).map { UInt8(truncatingIfNeeded: unit >> UInt32(8 * (isLittle ? $0 : size - 1 - $0))) }
            }
            return switch self {
            case .utf16Little: text.utf16.flatMap { bytes(UInt32($0), 2, isLittle: true) }
            case .utf16Big: text.utf16.flatMap { bytes(UInt32($0), 2, isLittle: false) }
            case .utf32Little: text.unicodeScalars.flatMap { bytes($0.value, 4, isLittle: true) }
            case .utf32Big: text.unicodeScalars.flatMap { bytes($0.value, 4, isLittle: false) }
            }
        }
    }

    private func patched(
        _ file: [UInt8], _ diff: String, _ dialect: PatchDialect = .native
    ) throws(PatchError) -> [UInt8] {
        try PatchEngine.apply(diff: diff, to: file, path: "s.rc", dialect: dialect)
    }

    private func refusal(_ file: [UInt8], _ diff: String, _ dialect: PatchDialect = .native) -> PatchError? {
        #expect(throws: PatchError.self) { try patched(file, diff, dialect) }
    }

    @Test(
        arguments: Wide.allCases,
        [
            DiffCase("LF", "a\nb\n", "@@\n a\n-b\n+é\n", "a\né\n"),
            DiffCase("CRLF", "a\r\nb\r\n", "@@\n-b\n+c\n+😀\n", "a\r\nc\r\n😀\r\n"),
            DiffCase("line 1", "a\nb\n", "@@\n-a\n+x\n", "x\nb\n"),
            DiffCase("a line in front", "a\n", "@@\n+x\n a\n", "x\na\n"),
            DiffCase("without a final newline", "a\nö", "@@\n-ö\n+o\n", "a\no"),
            DiffCase("below an anchor", "ж:\n  a\n", "@@ ж:\n+  b\n", "ж:\n  b\n  a\n"),
            DiffCase("at the end", "a\n", "@@\n+b\n*** End of File\n", "a\nb\n"),
            DiffCase("all removed", "a\n", "@@\n-a\n", ""),
            DiffCase("beyond the first plane", "𝒳 = 1\n", "@@\n-𝒳 = 1\n+𝒳 = 2\n", "𝒳 = 2\n"),
        ])
    func `is patched in UTF-16 and UTF-32 if it has their mark`(_ wide: Wide, _ table: DiffCase) throws {
        let result = try #require(table.result)
        for dialect in PatchDialect.allCases {
            #expect(try patched(wide.bytes(table.file), table.diff, dialect) == wide.bytes(result))
        }
    }

    @Test(arguments: Wide.allCases) func `is deleted by a diff that shows all of it`(_ wide: Wide) throws {
        let patch = try Patch(Array("--- a/s.rc\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-a\n-b\n".utf8))
        let changes = try patch.changes(to: Reading { _ in StoredFile(wide.bytes("a\nb\n")) })
        #expect(changes["s.rc"] == FileChange(path: "s.rc", contents: nil))
        #expect(throws: PatchError.self) { try patch.changes(to: Reading { _ in StoredFile(wide.bytes("a\nb\nc\n")) }) }
    }

    @Test(arguments: Wide.allCases) func `is refused with its encoding if the mark is missing or wrong`(
        _ wide: Wide
    ) throws {
        for diff in ["@@\n+b\n", "@@\n-one line\n+b\n", "@@ one line\n+b\n"] {
            let error = try #require(refusal(wide.bytes("one line\nх y\n", marked: false), diff))
            #expect(error.code == .notText)
            #expect(
                error.message == "s.rc is \(wide.name) without a byte-order mark, which hunks cannot change. "
                    + "Change it with a command.")
        }
        let error = try #require(refusal(wide.bytes("a\n").dropLast(), "@@\n-a\n+b\n"))
        #expect(error.code == .notText)
        #expect(error.message.contains("not valid UTF"))
    }

    @Test func `is refused if a surrogate of UTF-16 stands alone`() throws {
        for units: [UInt8] in [[0x00, 0xD8], [0x00, 0xDC], [0x00, 0xD8, 0x61, 0x00], [0x00, 0xD8, 0x00, 0xD8]] {
            #expect(refusal([0xFF, 0xFE] + units, "@@\n+b\n")?.code == .notText)
        }
    }

    private static let png: [UInt8] = [
        0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1,
    ]

    @Test(arguments: [
        (png, "a PNG image"), ([0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0, 0x0A], "an ELF program"),
        ([0x1F, 0x8B, 8, 0, 0x61, 0x0A], "gzip"), ([0xFF, 0xD8, 0xFF, 0xE0, 0x0A], "a JPEG image"),
        (Array("PK\u{3}\u{4}\0\0a\n".utf8), "a ZIP archive"), (Array("%PDF-1.7\n".utf8) + [0xE2, 0xE3], "a PDF"),
        (Array("SQLite format 3\0a\n".utf8), "an SQLite database"),
    ])
    func `is refused if it is binary, whatever the hunk shows`(_ file: [UInt8], _ format: String) throws {
        for dialect in PatchDialect.allCases {
            for diff in ["@@\n+x\n", "@@ a\n+x\n", "@@\n-a\n+b\n", "@@\n+x\n*** End of File\n"] {
                let error = try #require(refusal(file, diff, dialect))
                #expect(error.code == .notText, "\(error)")
                #expect(error.message.hasPrefix("s.rc is a binary file (\(format))"))
            }
        }
    }

    @Test(
        arguments: [
            // The letters of EBCDIC, encrypted bytes, records of numbers.
            [0xC8, 0x85, 0x93, 0x93, 0x96, 0x40, 0xA6, 0x96, 0x99, 0x93, 0x84, 0x25],
            [0xC8, 0x85, 0x93, 0x93, 0x96, 0x40, 0x15], [0x8F, 0x13, 0xD0, 0x77, 0x0A, 0xE1, 0x02],
            [1, 0, 0, 0, 2, 0, 0, 0],
        ] as [[UInt8]])
    func `takes no line without context if it may be no text`(_ file: [UInt8]) throws {
        for dialect in PatchDialect.allCases {
            for diff in ["@@\n+x\n", "@@ -1,0 +2 @@\n+x\n", "+x\n", "@@\n+x\n*** End of File\n"] {
                #expect(refusal(file, diff, dialect)?.code == .notText, "\(file)")
            }
        }
        let unified = try Patch(Array("--- a/f\n+++ b/f\n@@ -1,0 +2 @@\n+x\n".utf8))
        #expect(throws: PatchError.self) { try unified.changes(to: Reading { _ in StoredFile(file) }) }
    }

    @Test func `takes lines if it is text in an encoding of one byte, or shows its bytes`() throws {
        let russian: [UInt8] = [0xD0, 0xD2, 0xC9, 0xD7, 0xC5, 0xD4, 0x20, 0xC4, 0x0A]
        #expect(try patched(russian, "@@\n+x\n*** End of File\n") == russian + Array("x\n".utf8))
        let terminal = Array("\u{1B}[1mbold\u{1B}[0m\u{7}\n".utf8)
        #expect(try patched(terminal, "@@\n+x\n*** End of File\n") == terminal + Array("x\n".utf8))
        #expect(try patched(Array("a\0b\nc\n".utf8), "@@\n-c\n+d\n") == Array("a\0b\nd\n".utf8))
    }

    @Test func `takes no letter beyond ASCII if nothing tells how it would be written`() throws {
        let russian: [UInt8] = [0xD0, 0xD2, 0xC9, 0xD7, 0xC5, 0xD4, 0x0A, 0x78, 0x0A]
        let error = try #require(refusal(russian, "@@\n-x\n+é\n"))
        #expect(error.code == .encoding)
        #expect(error.message.contains("nothing tells its encoding"))
    }
}

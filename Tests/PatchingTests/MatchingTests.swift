import Patching
import Testing

/// A file, a diff, and what becomes of the file; nil if the diff is refused.
struct DiffCase: Sendable, CustomTestStringConvertible {
    let name: String
    let file: String
    let diff: String
    let result: String?
    var code: PatchError.Code?

    init(_ name: String, _ file: String, _ diff: String, _ result: String) {
        (self.name, self.file, self.diff, self.result) = (name, file, diff, result)
    }

    init(_ name: String, _ file: String, _ diff: String, refused code: PatchError.Code) {
        (self.name, self.file, self.diff, self.result, self.code) = (name, file, diff, nil, code)
    }

    var testDescription: String { name }

    func check(_ dialect: PatchDialect, at location: SourceLocation = #_sourceLocation) {
        do throws(PatchError) {
            let text = try applied(diff, to: file, dialect)
            #expect(text.debugDescription == result?.debugDescription, "\(name), \(dialect)", sourceLocation: location)
        } catch {
            #expect(
                result == nil && error.code == code, "\(name), \(dialect): \(error.code) \(error)",
                sourceLocation: location)
        }
    }
}

@Suite struct `Old lines` {
    @Test(arguments: [
        DiffCase("the strictest match decides", " x\nx\nx \n", "@@\n-x\n+y\n", " x\ny\nx \n"),
        DiffCase("exact beats an earlier looser one", "x \n\nx\n", "@@\n-x\n+y\n", "x \n\ny\n"),
        DiffCase("white space at the end", "a  \nb\t\n", "@@\n a\n-b\n+c\n", "a  \nc\n"),
        DiffCase("white space at the end in the diff", "a\nb\n", "@@\n a \n-b  \n+c\n", "a\nc\n"),
        DiffCase("a blank line with white space", "a\n\t\nb\n", "@@\n a\n\n-b\n+c\n", "a\n\t\nc\n"),
        DiffCase("dashes and quotes", "“a” – ‘b’\n", "@@\n-\"a\" - 'b'\n+c\n", "c\n"),
        DiffCase("ASCII in the file", "\"a\" - 'b'\n", "@@\n-“a” — ‘b’\n+c\n", "c\n"),
        DiffCase(
            "odd spaces", "a\u{00A0}b\u{2003}c\u{3000}d\n", "@@\n a b c d\n+e\n", "a\u{00A0}b\u{2003}c\u{3000}d\ne\n"),
        DiffCase("an ellipsis is no punctuation of that kind", "wait…\n", "@@\n-wait...\n+go\n", refused: .notFound),
        DiffCase("letters must agree", "abc\n", "@@\n-abd\n+x\n", refused: .notFound),
        DiffCase("more old lines than the file has", "a\n", "@@\n a\n b\n-c\n+d\n", refused: .notFound),
        DiffCase("context keeps the file's bytes", "a \n“b”\nc\n", "@@\n a\n \"b\"\n-c\n+d\n", "a \n“b”\nd\n"),
        DiffCase("equal lines in a change are context", "a \nb\nc\n", "@@\n-a\n-b\n-c\n+a\n+B\n+c\n", "a \nB\nc\n"),
        DiffCase("stray blank lines at the end", "a\nb\nc\n", "@@\n a\n-b\n+B\n\n\n", "a\nB\nc\n"),
        DiffCase("stray blank lines between hunks", "a\nb\nc\n", "@@\n-a\n+A\n\n\n@@\n-c\n+C\n", "A\nb\nC\n"),
        DiffCase("a blank line that is there", "a\n\nb\n\nb\n", "@@\n-b\n+c\n \n", "a\n\nc\n\nb\n"),
        DiffCase("removal", "a\nb\nc\n", "@@\n a\n-b\n c\n", "a\nc\n"),
        DiffCase("removal of all", "a\nb\n", "@@\n-a\n-b\n", ""),
        DiffCase("several changes in a hunk", "a\nb\nc\nd\n", "@@\n-a\n+A\n b\n+x\n c\n-d\n", "A\nb\nx\nc\n"),
        DiffCase("added before removed", "a\nb\n", "@@\n+A\n-a\n b\n", "A\nb\n"),
        DiffCase("no change", "a\nb\n", "@@\n a\n b\n", "a\nb\n"),
        DiffCase("no change in one of two hunks", "a\nx\na\ny\n", "@@\n a\n@@\n-y\n+z\n", "a\nx\na\nz\n"),
        DiffCase("no header", "a\nb\n", " a\n-b\n+c\n", "a\nc\n"),
        DiffCase("stars in lines", "*** x\n*** End Patch\n", "@@\n *** x\n-*** End Patch\n+*** y\n", "*** x\n*** y\n"),
        DiffCase("a NUL byte", "a\0b\nc\n", "@@\n a\0b\n-c\n+d\n", "a\0b\nd\n"),
    ])
    func `are found as closely as the file allows`(_ table: DiffCase) {
        for dialect in PatchDialect.allCases { table.check(dialect) }
    }

    @Test(arguments: [
        DiffCase(
            "less in the diff", "  if a:\n    b\n", "@@\n if a:\n-  b\n+  c\n+    d\n", "  if a:\n    c\n      d\n"),
        DiffCase("more in the diff", "if a:\n  b\n", "@@\n   if a:\n-    b\n+    c\n", "if a:\n  c\n"),
        DiffCase("one line", "\t\ta\n", "@@\n-a\n+b\n+\tc\n", "\t\tb\n\t\t\tc\n"),
        DiffCase("blank lines do not count", "  a\n\n  b\n", "@@\n a\n\n-b\n+c\n+\n+d\n", "  a\n\n  c\n\n  d\n"),
        DiffCase(
            "a shallower new line", "if a:\n  b\n", "@@\n     if a:\n-      b\n+      c\n+  d\n", "if a:\n  c\nd\n"),
        DiffCase(
            "tabs against four spaces", "a {\n\tb {\n\t\tc\n",
            "@@\n     b {\n-        c\n+        d {\n+            e\n", "a {\n\tb {\n\t\td {\n\t\t\te\n"),
        DiffCase(
            "tabs against two spaces", "a {\n\tb {\n\t\tc\n", "@@\n a {\n   b {\n-    c\n+    d\n+      e\n",
            "a {\n\tb {\n\t\td\n\t\t\te\n"),
        DiffCase(
            "spaces against tabs", "a {\n    b {\n        c\n", "@@\n \tb {\n-\t\tc\n+\t\td\n+\t\t\te\n",
            "a {\n    b {\n        d\n            e\n"),
        DiffCase(
            "two spaces against tabs", "a {\n  b {\n    c\n", "@@\n a {\n \tb {\n-\t\tc\n+\t\td\n",
            "a {\n  b {\n    d\n"),
        DiffCase(
            "tabs against spaces, one level off", "\t\ta\n\t\t\tb\n", "@@\n     a\n-        b\n+        c\n",
            "\t\ta\n\t\t\tc\n"),
        DiffCase(
            "punctuation and a shift", "    say(“a”)\n    b\n", "@@\n say(\"a\")\n-b\n+c\n", "    say(“a”)\n    c\n"),
        DiffCase("two different shifts", "  a\n    b\n", "@@\n a\n-b\n+c\n", refused: .notFound),
        DiffCase("a shift of one line only", "a\n    b\n", "@@\n a\n-b\n+c\n", refused: .notFound),
        DiffCase("exact indentation wins", "  a\na\n", "@@\n-a\n+b\n", "  a\nb\n"),
    ])
    func `may all be shifted by one indentation, and new lines shift along`(_ table: DiffCase) {
        for dialect in PatchDialect.allCases { table.check(dialect) }
    }
}

@Suite struct `Several places` {
    @Test(arguments: [
        DiffCase("two equal lines", "x\ny\nx\n", "@@\n-x\n+z\n", refused: .ambiguous),
        DiffCase("equal only loosely", "x \ny\nx\t\n", "@@\n-x\n+z\n", refused: .ambiguous),
        DiffCase("more context settles it", "a\nx\nb\nx\n", "@@\n b\n-x\n+z\n", "a\nx\nb\nz\n"),
        DiffCase("the hunk before rules one out", "x\na\nx\n", "@@\n-a\n+A\n@@\n-x\n+z\n", "x\nA\nz\n"),
        DiffCase("the hunk behind rules one out", "x\na\nx\n", "@@\n-x\n+z\n@@\n-a\n+A\n", "z\nA\nx\n"),
        DiffCase("all hunks together have one way", "x\nx\n", "@@\n-x\n+1\n@@\n-x\n+2\n", "1\n2\n"),
        DiffCase(
            "three hunks between fixed ones", "x\na\nx\nb\nx\n", "@@\n-a\n+A\n@@\n-x\n+z\n@@\n-b\n+B\n",
            "x\nA\nz\nB\nx\n"),
        DiffCase("two hunks, three places", "x\nx\nx\n", "@@\n-x\n+1\n@@\n-x\n+2\n", refused: .ambiguous),
        DiffCase("the same either way", "a\nsame\nsame\nb\n", "@@\n-same\n", "a\nsame\nb\n"),
        DiffCase("hunks in any order", "a\nb\nc\n", "@@\n-c\n+C\n@@\n-a\n+A\n", "A\nb\nC\n"),
        DiffCase("out of order and not unique", "a\nb\na\nc\n", "@@\n-c\n+C\n@@\n-a\n+A\n", refused: .outOfOrder),
        DiffCase("the same line twice", "a\nb\n", "@@\n-a\n+x\n@@\n-a\n+y\n", refused: .outOfOrder),
        DiffCase(
            "hunks that share context", "a\nb\nc\nd\n", "@@\n-a\n+A\n b\n c\n@@\n b\n c\n-d\n+D\n", "A\nb\nc\nD\n"),
        DiffCase("a looser match behind an exact one before", "x\na\nx \n", "@@\n-a\n+A\n@@\n-x\n+z\n", "x\nA\nz\n"),
        DiffCase("blank lines", "\na\n\n", "@@\n-\n+x\n", refused: .ambiguous),
    ])
    func `are refused unless order leaves one`(_ table: DiffCase) {
        for dialect in PatchDialect.allCases { table.check(dialect) }
    }

    @Test func `are named by line`() throws {
        let error = try #require(refusal("@@\n-x\n+z\n", of: "x\ny\nx\nx\n"))
        #expect(error.fileLines == [1, 3, 4])
        #expect(error.message.contains("lines 1, 3 and 4"))
        #expect(error.message.contains("'@@'"))
        let many = try #require(refusal("@@\n-x\n+z\n", of: String(repeating: "x\n", count: 500)))
        #expect(many.fileLines == [1, 2, 3, 4, 5, 6, 7, 8, 500])
    }

    @Test(arguments: [
        DiffCase("the named line", "x\ny\nx\n", "@@ -3,1 +3,1 @@\n-x\n+z\n", "x\ny\nz\n"),
        DiffCase("without a count", "x\ny\nx\n", "@@ -1 +1 @@\n-x\n+z\n", "z\ny\nx\n"),
        DiffCase("a wrong number with one place", "a\nb\n", "@@ -90,2 +90,2 @@\n a\n-b\n+c\n", "a\nc\n"),
        DiffCase("a wrong number with two places", "x\ny\nx\n", "@@ -2,1 +2,1 @@\n-x\n+z\n", refused: .ambiguous),
        DiffCase("a section that is a line", "f\n  x\ng\n  x\n", "@@ -9,1 +9,1 @@ g\n-  x\n+  y\n", "f\n  x\ng\n  y\n"),
        DiffCase("a section that is no line", "a\nb\n", "@@ -1,2 +1,2 @@ class Z\n a\n-b\n+c\n", "a\nc\n"),
        DiffCase("new lines behind a line", "a\nb\nc\n", "@@ -2,0 +3,1 @@\n+x\n", "a\nb\nx\nc\n"),
        DiffCase("new lines in front", "a\n", "@@ -0,0 +1,1 @@\n+x\n", "x\na\n"),
        DiffCase("new lines behind the end", "a\n", "@@ -5,0 +6,1 @@\n+x\n", refused: .notFound),
        DiffCase("new lines without their context", "a\nb\nc\n", "@@ -2,1 +2,2 @@\n+x\n", refused: .notFound),
        DiffCase("file names on top", "a\nb\n", "--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n", "a\nc\n"),
    ])
    func `are told apart by the line numbers of a unified header`(_ table: DiffCase) {
        for dialect in PatchDialect.allCases { table.check(dialect) }
    }
}

import Patching
import Testing

@Suite struct `An anchor` {
    private static let classes = """
        class A:
            def m(self):
                x = 1
                return x

            def n(self):
                x = 1

        class B:
            def m(self):
                x = 1
                return x

            def n(self):
                x = 1

        class C(A):
            def m(self):
                x = 1

        """

    /// The line that changed.
    private func changed(_ diff: String, _ dialect: PatchDialect) throws(PatchError) -> [Int] {
        let old = Self.classes.split(separator: "\n", omittingEmptySubsequences: false)
        let new = try applied(diff, to: Self.classes, dialect).split(
            separator: "\n", omittingEmptySubsequences: false)
        return zip(old, new).enumerated().filter { $1.0 != $1.1 }.map { $0.offset + 1 }
    }

    @Test(arguments: PatchDialect.allCases) func `narrows the search to its block`(_ dialect: PatchDialect) throws {
        let change = "-        x = 1\n+        x = 2\n"
        #expect(try changed("@@ class B:\n@@     def m(self):\n" + change, dialect) == [11])
        #expect(try changed("@@ class B:\n@@ def n(self):\n" + change, dialect) == [15])
        #expect(try changed("@@ class A:\n@@ def n\n" + change, dialect) == [7])
        #expect(try changed("@@ class C\n" + change, dialect) == [19])
        #expect(try changed("@@ class C(A): @@\n" + change, dialect) == [19])
        #expect(try changed("@@ class A:\n" + change + "         return x\n", dialect) == [3])
        #expect(try changed("@@ class B:\n" + change + "         return x\n", dialect) == [11])
        #expect(try changed("@@ class B:\n     def n(self):\n" + change, dialect) == [15])
    }

    @Test(arguments: PatchDialect.allCases) func `leaves open what its block does not settle`(
        _ dialect: PatchDialect
    ) throws {
        let change = "-        x = 1\n+        x = 2\n"
        #expect(refusal("@@ class B:\n" + change, of: Self.classes, dialect)?.fileLines == [11, 15])
        #expect(refusal("@@ def m(self):\n" + change, of: Self.classes, dialect)?.fileLines == [3, 11, 19])
        #expect(refusal(change, of: Self.classes, dialect)?.code == .ambiguous)
    }

    @Test(arguments: [
        DiffCase(
            "white space around", "  def f():\n    a\n", "@@ def f():   \n-    a\n+    b\n", "  def f():\n    b\n"),
        DiffCase("no space behind the marks", "f\na\n", "@@f\n-a\n+b\n", "f\nb\n"),
        DiffCase("a part of the line", "class A(B):\n  a\n", "@@ class A\n-  a\n+  b\n", "class A(B):\n  b\n"),
        DiffCase(
            "a part inside the line", "public class A {\n  a\n}\n", "@@ class A\n-  a\n+  b\n",
            "public class A {\n  b\n}\n"),
        DiffCase("no part of a word", "ab\n  x\na c\n  x\n", "@@ a\n-  x\n+  y\n", "ab\n  x\na c\n  y\n"),
        DiffCase("it is the first line of the hunk", "f\n  a\n", "@@ f\n f\n-  a\n+  b\n", "f\n  b\n"),
        DiffCase("it is inside the hunk", "e\nf\n  a\n", "@@ f\n e\n f\n-  a\n+  b\n", "e\nf\n  b\n"),
        DiffCase("the line below, without a block", "b\nx\nb2\nx\n", "@@ b2\n-x\n+y\n", "b\nx\nb2\ny\n"),
        DiffCase("the line below of several", "a\nb\nx\nc\nx\n", "@@ b\n-x\n+y\n", "a\nb\ny\nc\nx\n"),
        DiffCase("further below", "f\na\nb\n", "@@ f\n-b\n+c\n", "f\na\nc\n"),
        DiffCase("further below twice", "f\na\nx\nb\nx\n", "@@ f\n-x\n+y\n", refused: .ambiguous),
        DiffCase(
            "braces of their own", "int f()\n{\n\tx;\n}\nint g()\n{\n\tx;\n}\n", "@@ int g()\n-\tx;\n+\ty;\n",
            "int f()\n{\n\tx;\n}\nint g()\n{\n\ty;\n}\n"),
        DiffCase(
            "a list of parameters", "def f(\n  a\n):\n  x\ndef g(\n  a\n):\n  x\n", "@@ def f(\n-  x\n+  y\n",
            "def f(\n  a\n):\n  y\ndef g(\n  a\n):\n  x\n"),
        DiffCase(
            "the closing brace belongs to it", "f {\n  a\n}\ng {\n  b\n}\n", "@@ f {\n-}\n+} // f\n",
            "f {\n  a\n} // f\ng {\n  b\n}\n"),
        DiffCase("typography", "# “a”\nx\ny\n", "@@ # \"a\"\n-x\n+z\n", "# “a”\nz\ny\n"),
        DiffCase(
            "cut off, as git does it", "the line is long enough not to be mistaken, and recognised\n  a\n",
            "@@ the line is long enough not to be mistaken, and recognis\n-  a\n+  b\n",
            "the line is long enough not to be mistaken, and recognised\n  b\n"
        ),
        DiffCase("dots are none", "a\nb\n", "@@ ... @@\n-b\n+c\n", "a\nc\n"),
        DiffCase(
            "again for a second hunk", "f:\n  a\n  b\ng:\n  b\n", "@@ f:\n-  a\n+  A\n@@ f:\n-  b\n+  B\n",
            "f:\n  A\n  B\ng:\n  b\n"),
        DiffCase("new lines go behind it", "a\nf\nb\n", "@@ f\n+x\n+y\n", "a\nf\nx\ny\nb\n"),
        DiffCase(
            "new lines behind the inner one", "a\nf\n  g\nb\nf2\n  g\n", "@@ f2\n@@   g\n+x\n",
            "a\nf\n  g\nb\nf2\n  g\nx\n"),
        DiffCase("new lines behind one of two", "f\na\nf\n", "@@ f\n+x\n", refused: .ambiguous),
        DiffCase("new lines, order leaves one", "f\na\nf\n", "@@\n-a\n+b\n@@ f\n+x\n", "f\nb\nf\nx\n"),
        DiffCase("new lines behind a missing one", "a\n", "@@ f\n+x\n", refused: .anchorNotFound),
        DiffCase("new lines behind the last line", "a\nf", "@@ f\n+x\n", "a\nf\nx"),
        DiffCase("two missing", "a\n", "@@ f\n@@ g\n-a\n+b\n", refused: .anchorNotFound),
        DiffCase("the inner one above the outer", "g\nf\na\n", "@@ f\n@@ g\n-a\n+b\n", refused: .anchorNotFound),
    ])
    func `is a line of the file, or a clear part of one`(_ table: DiffCase) {
        for dialect in PatchDialect.allCases { table.check(dialect) }
    }

    @Test func `alone may be missing in a native diff only`() {
        DiffCase("missing", "a\n", "@@ nope\n-a\n+b\n", "b\n").check(.native)
        DiffCase("missing", "a\n", "@@ nope\n-a\n+b\n", refused: .anchorNotFound).check(.envelope)
        DiffCase("missing, two places", "a\nb\na\n", "@@ nope\n-a\n+b\n", refused: .ambiguous).check(.native)
        DiffCase("below", "a\nf\n", "@@ f\n-a\n+b\n", "b\nf\n").check(.native)
        DiffCase("below", "a\nf\n", "@@ f\n-a\n+b\n", refused: .outOfOrder).check(.envelope)
    }
}

@Suite struct `The end of the file` {
    @Test(arguments: [
        DiffCase("the last lines first", "x\ny\nx\n", "@@\n-x\n+z\n*** End of File\n", "x\ny\nz\n"),
        DiffCase("the last lines, loosely", "x\ny\n  x\n", "@@\n-x\n+z\n*** End of File\n", "x\ny\n  z\n"),
        DiffCase("elsewhere, once", "x\ny\n", "@@\n-x\n+z\n*** End of File\n", "z\ny\n"),
        DiffCase("elsewhere, twice", "x\nx\ny\n", "@@\n-x\n+z\n*** End of File\n", refused: .ambiguous),
        DiffCase("new lines", "a\nb\n", "@@\n+c\n*** End of File\n", "a\nb\nc\n"),
        DiffCase("new lines below an anchor", "f\na\n", "@@ f\n+c\n*** End of File\n", "f\na\nc\n"),
        DiffCase("without a final newline", "x\ny\nx", "@@\n-x\n+z\n*** End of File\n", "x\ny\nz"),
        DiffCase("a marker with a space", "x\ny\nx\n", "@@\n-x\n+z\n *** End of File\n", "x\ny\nz\n"),
        DiffCase(
            "that line in the file", "x\n*** End of File\nx\n", "@@\n-x\n+z\n *** End of File\n",
            "z\n*** End of File\nx\n"),
        DiffCase("a blank line too many", "x\ny\nx\n", "@@\n-x\n+z\n\n*** End of File\n", "x\ny\nz\n"),
        DiffCase("another hunk behind", "a\nb\n", "@@\n-a\n+A\n*** End of File\n@@\n-b\n+B\n", "A\nB\n"),
        DiffCase(
            "lines without a header behind", "a\nb\n", "@@\n-a\n+A\n*** End of File\n-b\n+B\n", refused: .badFormat),
    ])
    func `is tried before other places`(_ table: DiffCase) {
        for dialect in PatchDialect.allCases { table.check(dialect) }
    }

    @Test func `is where an envelope puts new lines without context; a native diff goes on behind its last hunk`() {
        DiffCase("first", "a\nb\n", "@@\n+x\n", "x\na\nb\n").check(.native)
        DiffCase("first", "a\nb\n", "@@\n+x\n", "a\nb\nx\n").check(.envelope)
        DiffCase("second", "a\nb\nc\n", "@@\n-a\n+A\n@@\n+x\n", "A\nx\nb\nc\n").check(.native)
        DiffCase("second", "a\nb\nc\n", "@@\n-a\n+A\n@@\n+x\n", "A\nb\nc\nx\n").check(.envelope)
        DiffCase("before", "a\nb\n", "@@\n+x\n+y\n@@\n a\n-b\n+B\n", "a\nB\nx\ny\n").check(.envelope)
        DiffCase("twice", "a\n", "@@\n+x\n@@\n+y\n", "a\nx\ny\n").check(.envelope)
        DiffCase("twice", "a\n", "@@\n+x\n@@\n+y\n", "x\ny\na\n").check(.native)
        DiffCase("stray blank line", "a\n\nb\n", "@@\n+x\n\n", "a\n\nb\nx\n").check(.envelope)
        for dialect in PatchDialect.allCases {
            DiffCase("empty file", "", "@@\n+x\n+y\n", "x\ny\n").check(dialect)
            DiffCase("empty file, old lines", "", "@@\n-a\n+x\n", refused: .notFound).check(dialect)
        }
    }
}

import Patching
import Testing
import Text

/// A file in some language with the definitions `one` and `two`, and the lines that are the same in both.
struct Language: Sendable, CustomTestStringConvertible {
    let name: String
    let one: String
    let two: String
    /// The first definition, with what stands around both in front of it; `%` stands for the line that a hunk changes.
    let head: String
    let tail: String

    init(_ name: String, _ one: String, _ two: String, head: String, tail: String) {
        (self.name, self.one, self.two, self.head, self.tail) = (name, one, two, head, tail)
    }

    var testDescription: String { name }

    func file(_ first: String, _ second: String) -> String {
        head.replacing("%", with: first) + tail.replacing("%", with: second)
    }

    /// The next definition is the first one of another class.
    static let method = Language(
        "method.py", "def m(self):", "def n(self):",
        head: "class A:\n    def m(self):\n        %\n\n    x = 1\n\n",
        tail: "class B:\n    def n(self):\n        %\n")

    static let all: [Language] = [
        Language("a.py", "def one():", "def two():", head: "def one():\n    %\n\n", tail: "def two():\n    %\n"),
        Language(
            "decorated.py", "def one():", "def two(",
            head: "@a\ndef one():\n    '''\ndef no():\n    pass\n'''\n# at the margin\n\n    %\n\n\n",
            tail: "@b\ndef two(\n    a,\n):\n    if a:\n        pass\n    %\n"),
        Language(
            "async.py", "async def one():", "class Two:", head: "async def one():\n    %\n\n",
            tail: "class Two:\n    x = 1\n    %\n"),
        Language("a.rb", "def one", "def two", head: "def one\n  %\nend\n\n", tail: "def two\n  %\nend\n"),
        Language(
            "here.rb", "def one", "def two(a)",
            head: "class A\n  def one\n    <<~EOS\ndef no\n  x\nend\n    EOS\n    %\n  rescue\n    y\n  end\n\n",
            tail: "  def two(a)\n    %\n  end\nend\n"),
        Language(
            "spec.rb", "it \"one\" do", "it \"two\" do", head: "describe X do\n  it \"one\" do\n    %\n  end\n",
            tail: "  it \"two\" do\n    %\n  end\nend\n"),
        Language("a.yml", "build:", "test:", head: "jobs:\n  build:\n    %\n", tail: "  test:\n    steps: 1\n    %\n"),
        Language(
            "items.yaml", "- name: one", "- name: two", head: "steps:\n- name: one\n  %\n", tail: "- name: two\n  %\n"),
        Language(
            "a.c", "int one(void)", "static int two(int a,",
            head: "int one(void)\n{\n#ifdef A\n    if (a) {\n#else\n    if (b) {\n#endif\n    }\nout:\n    %\n}\n\n",
            tail: "static int two(int a,\n               char *b)\n{\n    char c = '{';\n    %\n}\n"),
        Language(
            "type.c", "main(void)", "other(char *s)", head: "int\nmain(void)\n{\n\t%\n}\n\n",
            tail: "int\nother(char *s)\n{\n\t%\n}\n"),
        Language(
            "A.java", "public void one() {", "private int two(String s) throws E {",
            head:
                "public class A {\n    public void one() {\n        s = \"}\"; // }\n        %\n    }\n\n    /* } */\n",
            tail: "    private int two(String s) throws E {\n        %\n    }\n}\n"),
        Language(
            "a.js", "function one() {", "const two = async (x) => {",
            head: "function one() {\n  f(`\n}\n`);\n  %\n}\n\n", tail: "const two = async (x) => {\n  %\n};\n"),
        Language(
            "class.ts", "one(a: string): void {", "async two() {",
            head: "export class A {\n  one(a: string): void {\n    %\n  }\n",
            tail: "  async two() {\n    %\n  }\n}\n"),
        Language(
            "test.js", "it('one', () => {", "it('two', () => {",
            head: "describe('x', () => {\n  it('one', () => {\n    %\n  });\n",
            tail: "  it('two', () => {\n    %\n  });\n});\n"),
        Language(
            "a.go", "func one() error {", "func (t *T) two() error {",
            head: "func one() error {\n\tx := `\n}\n`\n\t%\n}\n\n", tail: "func (t *T) two() error {\n\t%\n}\n"),
        Language(
            "a.swift", "func one() {", "@discardableResult public func two() -> Int {",
            head:
                "struct A {\n    func one() {\n        let c = \"\"\"\n        }\n        \"\"\"\n        %\n    }\n\n",
            tail: "    @discardableResult public func two() -> Int {\n        %\n    }\n}\n"),
        Language(
            "a.rs", "fn one<'a>(x: &'a str) {", "pub(crate) async fn two() {",
            head: "impl A {\n    fn one<'a>(x: &'a str) {\n        let c = '{';\n        %\n    }\n\n",
            tail: "    pub(crate) async fn two() {\n        %\n    }\n}\n"),
        Language(
            "a.cpp", "void A::one() {", "A::two(int x)",
            head: "void A::one() {\n    %\n}\n\n", tail: "A::two(int x)\n    : x(x)\n{\n    %\n}\n"),
        Language("a.css", ".one {", ".two > a {", head: ".one {\n  %\n}\n", tail: ".two > a {\n  %\n}\n"),
        Language(
            "a.php", "function one() {", "public function two()", head: "function one() {\n  %\n}\n",
            tail: "public function two()\n{\n  %\n}\n"),
        Language(
            "a.sh", "function one {", "function two {", head: "function one {\n  %\n}\n",
            tail: "function two {\n  %\n}\n"),
        Language(
            "f", "int one(void) {", "int two(void) {", head: "int one(void) {\n  %\n}\n",
            tail: "int two(void) {\n  %\n}\n"),
    ]
}

@Suite struct `An anchor that names a definition` {
    private func result(
        _ diff: String, _ file: String, _ path: String, _ dialect: PatchDialect
    ) -> Result<String, PatchError> {
        Result { () throws(PatchError) in
            let bytes = try PatchEngine.apply(diff: diff, to: Array(file.utf8), path: path, dialect: dialect)
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    private func hunk(_ anchor: String, _ old: String = "old = 1;", _ new: String = "new = 1;") -> String {
        // The hunk's own indentation does not matter.
        "@@ \(anchor)\n-\(old)\n+\(new)\n"
    }

    @Test(arguments: Language.all + [Language.method]) func `keeps hunks out of the next one`(
        _ language: Language
    ) throws {
        let file = language.file("mine = 1;", "old = 1;")
        for dialect in PatchDialect.allCases {
            guard case .failure(let error) = result(hunk(language.one), file, language.name, dialect) else {
                Issue.record("applied in \(language.two)")
                continue
            }
            #expect(error.code == .outOfOrder, "\(error)")
            let lines = file.split(separator: "\n", omittingEmptySubsequences: false).map { $0.trimming }
            let place = try #require(lines.firstIndex(of: "old = 1;"))
            let one = try #require(lines.firstIndex(of: language.one))
            let two = try #require(lines.firstIndex(of: language.two))
            #expect(error.fileLines == [place + 1])
            #expect(
                error.message.contains(
                    "fits at line \(place + 1), but that is in '\(language.two)' (line \(two + 1)), and its '@@' line names "
                        + "'\(language.one)' (line \(one + 1))"), "\(error)")
        }
    }

    @Test(arguments: Language.all + [Language.method]) func `takes hunks in its own lines`(_ language: Language) throws
    {
        let file = language.file("old = 1;", "old = 1;")
        for dialect in PatchDialect.allCases {
            #expect(
                try result(hunk(language.one), file, language.name, dialect).get()
                    == language.file("new = 1;", "old = 1;"))
            #expect(
                try result(hunk(language.two), file, language.name, dialect).get()
                    == language.file("old = 1;", "new = 1;"))
        }
    }

    @Test(arguments: Language.all) func `takes hunks that show where the next one begins`(_ language: Language) throws {
        let file = language.file("mine = 1;", "old = 1;")
        let lines = file.split(separator: "\n", omittingEmptySubsequences: false)
        let two = try #require(lines.firstIndex { $0.trimming == language.two })
        let place = try #require(lines.firstIndex { $0.trimming == "old = 1;" })
        let context = lines[two..<place].map { " \($0)\n" }.joined()
        let indentation = String(lines[place].prefix { $0.isWhitespace })
        for dialect in PatchDialect.allCases {
            let diff = "@@ \(language.one)\n\(context)-\(indentation)old = 1;\n+\(indentation)new = 1;\n"
            #expect(
                try result(diff, file, language.name, dialect).get() == language.file("mine = 1;", "new = 1;"))
        }
    }

    @Test func `bounds also what stands above it, where a native diff may look`() throws {
        let file = "def one():\n    a\n\ndef two():\n    b\n"
        guard case .failure(let error) = result("@@ def two():\n-    a\n+    c\n", file, "f.py", .native) else {
            Issue.record("applied")
            return
        }
        #expect(error.message.contains("fits at line 2, but that is in 'def one():' (line 1)"))
        // What encloses the definition is no other one.
        let method = "class A:\n    a = 1\n\n    def two():\n        b\n"
        #expect(
            try result("@@ def two():\n-    a = 1\n+    a = 2\n", method, "f.py", .native).get()
                == method.replacing("a = 1", with: "a = 2"))
    }

    @Test func `bounds decorators and comments of the next one`() throws {
        for (lead, path, head) in [
            ("@old", "f.py", "def one():\n    a\n"), ("# old", "f.py", "def one():\n    a\n"),
            ("/// old", "f.rs", "fn one() {\n}\n"), ("#[old]", "f.rs", "fn one() {\n}\n"),
        ] {
            let second = head.replacing("one", with: "two")
            let anchor = head.split(separator: "\n")[0]
            let file = "\(head)\n\(lead)\n\(second)"
            #expect(
                throws: PatchError.self, "\(lead)"
            ) { try result("@@ \(anchor)\n-\(lead)\n+new\n", file, path, .envelope).get() }
        }
    }

    @Test(arguments: [
        // New definitions and statements behind it.
        (
            "f.py", "def one():\n    a\n\ndef two():\n    a\n",
            "@@ def one():\n     a\n \n+def new():\n+    b\n+\n def two():\n"
        ),
        (
            "f.go", "func one() {\n}\n\n// Two.\nfunc two() {\n}\n",
            "@@ func one() {\n }\n+\n+func new() {\n+}\n \n // Two.\n"
        ),
        ("f.go", "func one() {\n}\n\n// Two.\nfunc two() {\n}\n", "@@ func one() {\n+func new() {\n+}\n+\n // Two.\n"),
        ("f.py", "def one():\n    a\n\n\nX = 1\n", "@@ def one():\n-X = 1\n+X = 2\n"),
        ("f.py", "def one():\n    a\n\nif x:\n    b\n", "@@ def one():\n-    b\n+    c\n"),
        ("f.c", "int one(void)\n{\n}\n\nint x = 1;\n", "@@ int one(void)\n-int x = 1;\n+int x = 2;\n"),
        ("f.c", "int one(void);\nint two(void)\n{\n  a;\n}\n", "@@ int one(void);\n-  a;\n+  b;\n"),
        // Brackets that do not match: then nothing is sure.
        ("f.c", "int one(void)\n{\n  X({\n}\n\nint two(void)\n{\n  a;\n}\n", "@@ int one(void)\n-  a;\n+  b;\n"),
        // Lines that define nothing.
        ("f.py", "import os\nif a:\n    x\nif b:\n    y\n", "@@ if a:\n-    y\n+    z\n"),
        ("f.c", "  foo(a,\n      b);\n  bar(c,\n      d);\n", "@@   foo(a,\n-      d);\n+      e);\n"),
        (
            "f.js", "  list.map((x) => {\n    a;\n  });\n  if (y) {\n    b;\n  }\n",
            "@@   list.map((x) => {\n-    b;\n+    c;\n"
        ),
        ("f.md", "# One\n\ntext\n\n# Two\n\nold\n", "@@ # One\n-old\n+new\n"),
        (
            "f.swift", "    Button(a) {\n        x\n    }\n    Button(b) {\n        y\n    }\n",
            "@@ Button(a) {\n-        y\n+        z\n"
        ),
        // A language's driver in git would not name the second.
        ("f.rs", "fn one() {\n}\n\nlazy_static! {\n    a\n}\n", "@@ fn one() {\n-    a\n+    b\n"),
        (
            "f.swift", "struct One {\n}\n\n@Suite struct Two {\n    a\n}\n", "@@ struct One {\n-    a\n+    b\n"
        ),
        // The line that begins it is changed.
        ("f.py", "def one():\n    a\n\ndef two():\n    a\n", "@@ def two():\n-def two():\n+def two(x):\n     a\n"),
        ("f.py", "def one():\n    a\n\ndef two():\n    a\n", "@@ def one():\n-def two():\n+def two(x):\n     a\n"),
        ("f.py", "@old\ndef one():\n    a\n", "@@ def one():\n-@old\n+@new\n def one():\n"),
    ])
    func `lets through what is not surely in another one`(_ path: String, _ file: String, _ diff: String) throws {
        for dialect in PatchDialect.allCases {
            #expect(try result(diff, file, path, dialect).get() != file)
        }
    }

    @Test func `makes of lines behind an odd one at the margin lines of its own`() throws {
        let file =
            "int one(void)\n{\n    x;\nout:\n#if A\n    old = 1;\n#endif\n}\n\nint two(void)\n{\n    old = 1;\n}\n"
        for dialect in PatchDialect.allCases {
            #expect(
                try result("@@ int one(void)\n-    old = 1;\n+    y;\n", file, "f.c", dialect).get()
                    == file.replacing("#if A\n    old = 1;", with: "#if A\n    y;"))
        }
    }

    @Test func `of a unified header bounds nothing`() throws {
        let file = "def one():\n    mine\n\ndef two():\n    old\n"
        let diff = "@@ -5,1 +5,1 @@ def one():\n-    old\n+    new\n"
        #expect(try result(diff, file, "f.py", .native).get() == file.replacing("old", with: "new"))
        let patch = try Patch(Array("--- a/f.py\n+++ b/f.py\n\(diff)".utf8))
        let changes = try patch.changes(to: Reading { _ in StoredFile(Array(file.utf8)) })
        #expect(changes["f.py"]?.contents == Array(file.replacing("old", with: "new").utf8))
    }

    @Test(arguments: PatchDialect.allCases) func `bounds the anchor behind it`(_ dialect: PatchDialect) throws {
        let file = "class A:\n    def f(self):\n        x\n\nclass B:\n    def g(self):\n        old\n"
        let hunk = "@@ class A:\n@@ def g(self):\n-        old\n+        new\n"
        guard case .failure(let error) = result(hunk, file, "f.py", dialect) else {
            Issue.record("applied")
            return
        }
        #expect(error.code == .anchorNotFound)
        #expect(
            error.message.contains(
                "which is line 6, in 'class B:' (line 5), and not in 'class A:' (line 1)"), "\(error)")
        let nested = "@@ class A:\n@@ def f(self):\n-        old\n+        new\n"
        #expect(throws: PatchError.self) { try result(nested, file, "f.py", dialect).get() }
    }

    @Test func `is told to have been applied where its lines stand`() throws {
        let file = "int main(void)\n{\n    return 1;\n}\n\nint other(void)\n{\n    return 1;\n}\n"
        let diff = "@@ int main(void)\n-    return 1;\n+    return 0;\n"
        for dialect in PatchDialect.allCases {
            let once = try result(diff, file, "main.c", dialect).get()
            #expect(once == "int main(void)\n{\n    return 0;\n}\n\nint other(void)\n{\n    return 1;\n}\n")
            guard case .failure(let error) = result(diff, once, "main.c", dialect) else {
                Issue.record("applied twice")
                continue
            }
            #expect(
                error.message == """
                    main.c: hunk 1 (line 1 of its diff) fits at line 8, but that is in 'int other(void)' (line 6), and its \
                    '@@' line names 'int main(void)' (line 1). Send lines that stand there, or name the one that you mean. \
                    Line 3 reads as the hunk makes it: it may have been applied already.
                    """)
        }
        let context = "@@\n int main(void)\n {\n-    return 1;\n+    return 0;\n }\n"
        let again = result(context, try result(context, file, "f", .envelope).get(), "f", .envelope)
        #expect(throws: PatchError.self) { try again.get() }
        if case .failure(let error) = again {
            #expect(
                error.message.hasSuffix("\nLines 1 to 4 read as the hunk makes them: it may have been applied already.")
            )
        }
    }

    @Test func `lets hunks in the wrong order find it`() throws {
        let file = "def one():\n    old\n\ndef two():\n    old\n\ndef three():\n    old\n"
        let diff = "@@ def two():\n-    old\n+    new\n@@ def one():\n-    old\n+    new\n"
        for dialect in PatchDialect.allCases {
            #expect(
                try result(diff, file, "f.py", dialect).get()
                    == "def one():\n    new\n\ndef two():\n    new\n\ndef three():\n    old\n")
        }
    }
}

extension StringProtocol {
    fileprivate var trimming: String {
        let text = drop { $0.isWhitespace }
        return String(text[..<(text.lastIndex { !$0.isWhitespace }.map { text.index(after: $0) } ?? text.startIndex)])
    }
}

import Testing
import Text

@testable import Workspace

@Suite struct `A diff of several files` {
    private static func section(_ old: String, _ new: String) -> String {
        "diff --git a/\(old) b/\(new)\n--- a/\(old)\n+++ b/\(new)\n@@ -1 +1 @@\n-diff --git a/x b/x\n++++ b/b\n"
    }

    private let renamed = "diff --git a/o b/n\nsimilarity index 100%\nrename from o\nrename to n\n"
    private let mode = "diff --git a/m b/m\nold mode 100644\nnew mode 100755\n"
    private let quoted =
        "diff --git \"a/\\303\\274\" \"b/\\303\\274\"\n--- \"a/\\303\\274\"\n+++ \"b/\\303\\274\"\n@@ -1 +1 @@\n-a\n"

    @Test func `is given out file by file, each once, and what nobody asks for at the end`() {
        let (a, b) = (Self.section("a", "a"), Self.section("b", "b"))
        var sections = DiffSections(a + b + mode + renamed + quoted)
        #expect(sections.take(["x"]) == "")
        #expect(sections.take(["b"]) == b)
        #expect(sections.take(["b", "n"]) == renamed)
        #expect(sections.take(["m", "a"]) == a + mode)
        #expect(sections.takeRest() == quoted)
        #expect(sections.takeRest() == "")
        var none = DiffSections("")
        #expect(none.take(["a"]) + none.takeRest() == "")
    }
}

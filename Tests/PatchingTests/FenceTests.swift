import Patching
import Testing
import Text

@Suite struct `A fence around a patch` {
    private static let envelope = "*** Begin Patch\n*** Update File: f\n@@\n a\n-b\n+c\n*** End Patch\n"
    private static let unified = "--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n"

    private func patched(_ text: String, _ file: String = "a\nb\n") throws -> String? {
        let changes = try Patch(Array(text.utf8)).changes(to: Files(["f": file]))
        return changes[BytePath("f")]?.contents.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(
        arguments: [envelope, unified],
        [
            ("```\n", "```\n", ""), ("```diff\n", "```\n", ""), ("~~~ patch\n", "~~~\n", ""),
            ("````diff\n", "````\n\n", ""),
            ("Here it is:\n\n```patch\n", "```\n\nThat `should` do it.\n", ""), ("```diff\n\n", "\n```", ""),
            ("```diff\n", "", ""),
            ("1. This:\n\n   ```diff\n", "   ```\n2. Done\n", "   "), ("\t~~~\n", "\t~~~\n", "\t"),
            ("```sh\nmake\n```\n\n```diff\n", "```\n```\nok\n```\n", ""),
        ])
    func `is taken off`(_ patch: String, _ around: (String, String, String)) throws {
        let (before, after, indentation) = around
        let body = patch.split(separator: "\n").map { indentation + $0 + "\n" }.joined()
        #expect(try patched(before + body + after) == "a\nc\n")
        #expect(try patched((before + body + after).replacing("\n", with: "\r\n")) == "a\nc\n")
    }

    @Test func `is told from those in a Markdown file that is patched`() throws {
        let file = "# A\n```sh\nmake\n```\nend\n"
        let result = "# A\n```sh\nmake all\n```\n~~~\nend\n"
        let envelope =
            "*** Begin Patch\n*** Update File: f\n@@\n ```sh\n-make\n+make all\n ```\n+~~~\n end\n*** End Patch\n"
        let unified = "--- a/f\n+++ b/f\n@@ -2,4 +2,5 @@\n ```sh\n-make\n+make all\n ```\n+~~~\n end\n"
        for patch in [envelope, unified] {
            #expect(try patched(patch, file) == result)
            #expect(try patched("So:\n```diff\n\(patch)```\nDone.\n", file) == result)
            let indented = patch.split(separator: "\n").map { "  \($0)\n" }.joined()
            #expect(try patched("- So:\n  ```diff\n\(indented)  ```\n", file) == result)
        }
        let added = "*** Begin Patch\n*** Add File: f\n+```diff\n+--- a/x\n+```\n*** End Patch\n"
        let changes = try Patch(Array("```\n\(added)```\n".utf8)).changes(to: Files())
        #expect(changes[BytePath("f")]?.contents == Array("```diff\n--- a/x\n```\n".utf8))
    }

    @Test func `is left alone in a mail that quotes a patch`() throws {
        let mail = "Subject: x\n\n```diff\n--- a/g\n+++ b/g\n@@ -1 +1 @@\n-x\n+y\n```\n---\n\(Self.unified)"
        // The quoted diff counts as git counts it, so the patch as a whole is refused for the file that is missing.
        #expect(throws: PatchError.self) { try patched(mail) }
    }

    @Test func `may be one of several with diffs, but not with envelopes`() throws {
        let other = "--- a/g\n+++ b/g\n@@ -1 +1 @@\n-x\n+y\n"
        let patch = try Patch(Array("One:\n```diff\n\(Self.unified)```\nTwo:\n```diff\n\(other)```\n".utf8))
        let changes = try patch.changes(to: Files(["f": "a\nb\n", "g": "x\n"]))
        #expect(changes.changes.map(\.path) == [BytePath("f"), BytePath("g")])
        let error = #expect(throws: PatchError.self) {
            try Patch(Array("```\n\(Self.envelope)```\n```\n\(Self.envelope)```\n".utf8))
        }
        #expect(error?.message.contains("2 patches in fences") == true)
    }

    @Test func `is taken off the diff of one file`() throws {
        #expect(try applied("```diff\n@@\n a\n-b\n+c\n```\n", to: "a\nb\n") == "a\nc\n")
        let changes = try PatchEngine.changes(
            [.create(path: "n", diff: "```\n+```\n+x\n```\n")], dialect: .native, to: Files())
        #expect(changes[BytePath("n")]?.contents == Array("```\nx\n".utf8))
    }

    @Test func `does not hide that a patch is cut off`() {
        #expect(throws: PatchError.self) { try Patch(Array("```\n*** Begin Patch\n*** Delete File: f\n```\n".utf8)) }
        #expect(throws: PatchError.self) { try Patch(Array("text\n*** Begin Patch\n*** End Patch\n".utf8)) }
    }
}

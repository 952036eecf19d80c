import Patching
import Testing
import Text

@Suite struct `A patch taken back` {
    private func changed(_ patch: Patch, _ files: [String: String]) throws -> [String: String] {
        let files = Files(files)
        return files.changed(by: try patch.changes(to: files))
    }

    @Test(arguments: [
        ("*** Update File: f\n@@\n a\n-b\n+c\n+d\n e\n", ["f": "a\nb\ne\n"]),
        ("*** Update File: f\n@@ x\n-b\n+c\n@@\n-d\n+e\n", ["f": "x\nb\nd\n"]),
        ("*** Update File: f\n@@ def b():\n-def b():\n+def c():\n     x\n", ["f": "def b():\n    x\n"]),
        ("*** Update File: f\n@@\n+end\n", ["f": "end\na\n"]),
        ("*** Update File: f\n@@ a\n+x\n", ["f": "x\na\nb\n"]),
        ("*** Add File: n\n+x\n+\n", [:]), ("*** Add File: n\n", [:]),
        ("*** Update File: f\n*** Move to: g\n@@\n-a\n+b\n", ["f": "a\n"]),
        ("*** Update File: f\n*** Move to: g\n*** Add File: f\n+x\n", ["f": "a\n"]),
        ("*** Update File: f\n@@\n-a\n+b\n*** Update File: f\n@@\n-b\n+c\n", ["f": "a\n"]),
        ("*** Update File: f\n@@\n a\n-b\n\\ No newline at end of file\n+b\n", ["f": "a\nb"]),
        ("*** Update File: f\n@@\n-b\n+B\n@@\n-a\n+A\n", ["f": "a\nb\n"]),
    ])
    func `leaves the files as they were before an envelope`(_ sections: String, _ files: [String: String]) throws {
        let patch = try Patch(Array("*** Begin Patch\n\(sections)*** End Patch\n".utf8))
        let after = try changed(patch, files)
        #expect(after != files)
        #expect(try changed(patch.reversed(), after) == files)
        // Lines added below an anchor alone cannot be put back there twice.
        if let again = try? patch.reversed().reversed() { #expect(try changed(again, files) == after) }
    }

    @Test(arguments: [1, 3]) func `leaves the files as they were before a unified diff`(_ context: Int) throws {
        let texts = ["", "a\n", "a\nb\nc\nd\ne\nf\ng\n", "a\nB\nc\nd\nf\ng\nh", "x\r\na\nb\nc\nd\ne\nF\ng\n", "a\nb"]
        for old in texts {
            // The generator counts an empty file from line 1, and git from line 0.
            for new in texts where new != old && !new.isEmpty {
                let generator = DiffGenerator(context: context, hasLineNumbers: true)
                let patch = try Patch(generator.patch(Array(old.utf8), Array(new.utf8), isUnified: true)).reversed()
                #expect(try changed(patch, ["f": new]) == ["f": old], "\(old.debugDescription) \(new.debugDescription)")
            }
        }
    }

    @Test func `makes again what a diff deletes, and deletes what it adds`() throws {
        let text = """
            diff --git a/d b/d
            deleted file mode 100755
            --- a/d
            +++ /dev/null
            @@ -1,2 +0,0 @@
            -x
            -y
            \\ No newline at end of file
            diff --git a/n b/n
            new file mode 100644
            --- /dev/null
            +++ b/n
            @@ -0,0 +1 @@
            +n
            diff --git a/s b/t
            old mode 100644
            new mode 100755
            rename from s
            rename to t
            diff --git a/t b/s
            rename from t
            rename to s

            """
        let patch = try Patch(Array(text.utf8)).reversed()
        let files = Files(["n": "n\n", "s": "2", "t": "1"])
        let changes = try patch.changes(to: files)
        #expect(files.changed(by: changes) == ["d": "x\ny", "s": "1", "t": "2"])
        #expect(changes[BytePath("d")]?.mode == .executable)
        #expect(changes[BytePath("s")]?.mode == .regular)
        #expect(patch.summary.map { "\($0.letter) \($0.path)" } == ["A d", "M t", "M s", "D n"])
        #expect(throws: PatchError.self) { try patch.changes(to: Files(["n": "n\nmore\n", "s": "2", "t": "1"])) }
    }

    @Test(arguments: [
        ("*** Begin Patch\n*** Delete File: f\n*** End Patch\n", "deletes the file without showing its lines"),
        ("*** Begin Patch\n*** Update File: f\n@@ a\n-b\n*** End Patch\n", "nothing tells where they go back"),
        (
            "diff --git a/f b/g\ncopy from f\ncopy to g\n", "copies the file to g"
        ),
        (
            "diff --git a/l b/l\ndeleted file mode 120000\n--- a/l\n+++ /dev/null\n@@ -1 +0,0 @@\n-f\n\\ No newline at end of file\n",
            "symbolic link"
        ),
    ])
    func `is refused where the patch does not tell what was there`(_ text: String, _ reason: String) throws {
        let patch = try Patch(Array(text.utf8))
        let error = #expect(throws: PatchError.self) { try patch.reversed() }
        #expect(error?.message.contains(reason) == true, "\(String(describing: error))")
    }
}

import Repository
import Session
import Testing
import Text

@testable import Workspace

@Suite struct CommandSubjectTests {
    private let messages = StepMessage(session: SessionID("s"), model: "m", hasAttribution: true)
    private let file = FileSummary(path: "src/a.py", kind: .update)

    @Test(arguments: [
        (["sed -i s/a/b/ src/a.py"], 1, "Update src/a.py with sed"),
        (["cat x", "/usr/bin/python3 - <<'E'\nprint()\nE"], 1, "Update src/a.py with python3"),
        (["cd src && FOO=1 black ."], 1, "Update src/a.py with black"),
        (["cd src; make"], 1, "Update src/a.py with make"), (["$(evil)"], 1, "Update src/a.py"),
        (["sed -n 1p a; sed -n 2p b", "git checkout HEAD src/a.py"], 1, "Update src/a.py with git"),
        (["cat src/a.py; black src/a.py; git diff"], 1, "Update src/a.py with black"),
        (["echo x > src/a.py"], 1, "Update src/a.py with echo"), ([], 1, "Update src/a.py"),
        (["ls", "cargo fmt"], 3, "Run cargo fmt (3 files)"), ([], 2, "Change files (2 files)"),
        (
            ["sed -i 's/one long expression/another one/' " + String(repeating: "file.txt ", count: 20)], 20,
            "Run sed -i 's/one long expression/another one/' file.txt … (20 files)"
        ),
        ([String(repeating: "x", count: 500)], 2, "Run " + String(repeating: "x", count: 56) + " … (2 files)"),
    ])
    func `a subject says what was done`(_ commands: [String], _ count: Int, _ expected: String) {
        let files = [FileSummary](repeating: file, count: count)
        let subject = CommandSubject.subject(commands: commands, files: files)
        #expect(subject == expected)
        #expect(subject.count <= 72)
    }

    @Test func `the commands stand in the body`() {
        let message = messages.message(commands: ["cat a", "sed -i \\\n  s/a/b/ a"], files: [file], step: 2)
        #expect(message.body == "Changed by:\n\n    cat a\n    sed -i \\\n      s/a/b/ a")
    }
}

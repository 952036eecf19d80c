import Testing

@testable import Evidence
@testable import Sandbox

/// Which ends of a command mean that it never began.
@Suite struct `A command that cannot be started` {
    private func failure(
        of command: CommandRequest.Command, _ outcome: CommandResult.Outcome, printing text: String,
        to stream: WritableKeyPath<Streams, CapturedOutput> = \.stderr, tree: [String] = []
    ) -> String? {
        var streams = Streams()
        streams[keyPath: stream].head = Array(text.utf8)
        let result = CommandResult(
            outcome: outcome, duration: .zero, stdout: streams.stdout, stderr: streams.stderr, usage: .init(),
            leftProcesses: false)
        let check = Check(command, timeout: .seconds(1))
        return check.startFailure(of: CheckResult(result, outputLimit: 1024, timeout: .seconds(1))) {
            tree.contains($0)
        }
    }

    private struct Streams {
        var stdout = CapturedOutput()
        var stderr = CapturedOutput()
    }

    @Test(arguments: [
        ("pytst tests/", 127, "/bin/bash: line 1: pytst: command not found\n", "pytst: command not found"),
        ("pytst tests/", 127, "/bin/sh: 1: pytst: not found\n", "pytst: not found"),
        ("pytst", 127, "bash: Zeile 1: pytst: Kommando nicht gefunden.\n", "pytst: Kommando nicht gefunden."),
        ("cd src && CI=1 'pytst' -q", 127, "/bin/bash: line 1: pytst: command not found", "pytst: command not found"),
        (
            "./missing.sh", 127, "/bin/bash: line 1: ./missing.sh: No such file or directory\n",
            "./missing.sh: No such file or directory"
        ),
        ("./run.sh", 126, "/bin/bash: line 1: ./run.sh: Permission denied\n", "./run.sh: Permission denied"),
        (
            "bash missing.sh", 127, "bash: missing.sh: No such file or directory\n",
            "missing.sh: No such file or directory"
        ),
        ("env pytst", 127, "env: ‘pytst’: No such file or directory\n", "‘pytst’: No such file or directory"),
        (
            "timeout 9 pytst", 127, "timeout: failed to run command 'pytst': No such file or directory\n",
            "failed to run command 'pytst': No such file or directory"
        ),
        ("sh -c 'pytst -q'", 127, "sh: 1: pytst: not found\n", "pytst: not found"),
        (
            "trap 'echo over >&2' EXIT; pytst", 127, "/bin/bash: line 1: pytst: command not found\nover\n",
            "pytst: command not found"
        ),
    ])
    func `is told by the message about one of its own words`(
        _ line: String, _ status: Int32, _ printed: String, _ reason: String
    ) {
        #expect(failure(of: .shell(line), .exited(status), printing: printed, tree: ["./run.sh"]) == reason)
    }

    @Test func `may tell it on standard output`() {
        let printed = "/bin/bash: line 1: pytst: command not found\n"
        #expect(failure(of: .shell("pytst 2>&1"), .exited(127), printing: printed, to: \.stdout) != nil)
    }

    @Test(arguments: [
        ("./test.sh", 127, "./test.sh: line 3: pytst: command not found\n"),
        ("./test.sh pytst", 127, "./test.sh: line 3: pytst: command not found\n"),
        ("sh test.sh", 127, "test.sh: 3: pytst: not found\n"),
        ("npm test", 127, "> app@1.0.0 test\n> jest\n\nsh: 1: jest: not found\n"),
        ("make test", 2, "/bin/sh: 1: pytst: not found\nmake: *** [Makefile:2: test] Error 127\n"),
        ("exit 127", 127, ""), ("pytst 2>/dev/null", 127, ""),
        ("grep -q right answer.txt", 1, "grep: answer.txt: No such file or directory\n"),
    ])
    func `is not one in which something else is missing`(_ line: String, _ status: Int32, _ printed: String) {
        let tree = ["./test.sh", "test.sh"]
        #expect(failure(of: .shell(line), .exited(status), printing: printed, tree: tree) == nil)
    }

    @Test func `is one whose program the launcher does not find`() {
        let outcome = CommandResult.Outcome.notStarted(message: "pytst: command not found")
        #expect(failure(of: .arguments(["pytst", "tests/"]), outcome, printing: "") == "pytst: command not found")
        let shell = CommandRequest.Command.arguments(["sh", "-c", "pytst -q"])
        #expect(failure(of: shell, .exited(127), printing: "sh: 1: pytst: not found\n") == "pytst: not found")
    }
}

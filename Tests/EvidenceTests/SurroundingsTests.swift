import Session
import Testing
import Text

@testable import Evidence
@testable import Sandbox

/// What a failed run says its surroundings lack.
@Suite struct `What a command lacks` {
    private typealias Fault = SurroundingsFault

    @Test(arguments: [
        ("ModuleNotFoundError: No module named 'requests'", "the Python module 'requests' is not there"),
        ("ModuleNotFoundError: No module named 'google.cloud'", "the Python module 'google' is not there"),
        ("/usr/bin/python3: No module named pytest", "the Python module 'pytest' is not there"),
        ("Error: Cannot find module 'left-pad/lib'", "the Node.js module 'left-pad' is not there"),
        ("Error: Cannot find module '@types/node/fs'", "the Node.js module '@types/node' is not there"),
        (
            "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'chalk' imported from /a.mjs",
            "the Node.js module 'chalk' is not there"
        ),
        (
            "<internal:x>:38:in `require': cannot load such file -- rspec (LoadError)",
            "the Ruby module 'rspec' is not there"
        ),
        (
            "Can't locate Test/Deep.pm in @INC (you may need to install it) at t/a.t line 1.",
            "the Perl module 'Test/Deep.pm' is not there"
        ),
        ("a.c:1:10: fatal error: zlib.h: No such file or directory", "'zlib.h' is not there"),
        ("/usr/bin/ld: cannot find -lz: No such file or directory", "'libz' is not there"),
        (
            "./a: error while loading shared libraries: libfoo.so.1: cannot open shared object file",
            "'libfoo.so.1' is not there"
        ),
        ("bash: line 1: jest: command not found", "the program 'jest' is not there"),
        ("sh: 1: jest: not found", "the program 'jest' is not there"),
        ("/bin/sh: 3: tox: not found", "the program 'tox' is not there"),
        ("make: jest: No such file or directory", "the program 'jest' is not there"),
        ("make[2]: jest: No such file or directory", "the program 'jest' is not there"),
        ("/usr/bin/env: ‘node’: No such file or directory", "the program 'node' is not there"),
        (
            "FileNotFoundError: [Errno 2] No such file or directory: 'ffmpeg'", "the program 'ffmpeg' is not there"
        ),
        ("Error: spawn git ENOENT", "the program 'git' is not there"),
        ("exec: \"golint\": executable file not found in $PATH", "the program 'golint' is not there"),
        ("error: linker `cc` not found", "the program 'cc' is not there"),
        ("curl: (6) Could not resolve host: example.org", "example.org cannot be reached"),
        (
            "dial tcp: lookup proxy.golang.org: Temporary failure in name resolution", "the network cannot be reached"
        ),
        ("npm ERR! getaddrinfo ENOTFOUND registry.npmjs.org", "registry.npmjs.org cannot be reached"),
        ("OSError: [Errno 28] No space left on device", "there is no space left on a disk"),
        ("fork: retry: Resource temporarily unavailable", "no further process can be started"),
        ("RuntimeError: can't start new thread", "no further process can be started"),
        ("g++: fatal error: Cannot allocate memory", "the memory is used up"),
    ])
    func `is read from one line`(_ line: String, _ clause: String) throws {
        let fault = try #require(Fault.fault(in: line))
        #expect(fault.clause == clause)
        #expect(!fault.remedy(reachesNetwork: false).isEmpty && !fault.remedy(reachesNetwork: true).isEmpty)
    }

    @Test(arguments: [
        "the log said: ModuleNotFoundError: No module named 'x'", "Error: Cannot find module './lib/a'",
        "Error: Cannot find module '/work/a.js'", "./run.sh: line 3: build/a: No such file or directory",
        "FileNotFoundError: [Errno 2] No such file or directory: 'data/a.txt'",
        "FileNotFoundError: [Errno 2] No such file or directory: 'a.txt'", "cat: a: No such file or directory",
        "make: *** No rule to make target 'a', needed by 'b'.  Stop.", "404: not found", "user: not found",
        "AssertionError: 1 != 2",
    ])
    func `is not read from other lines`(_ line: String) {
        #expect(Fault.fault(in: line) == nil)
    }

    private func fault(printing text: String, status: Int32 = 1, files: [String] = []) -> Fault? {
        let result = CommandResult(
            outcome: .exited(status), duration: .zero, stdout: CapturedOutput(head: text), stderr: CapturedOutput(),
            usage: .init(), leftProcesses: false)
        let known = KnownNames(files: files.map { BytePath($0) }, searchPath: "/usr/bin:/bin")
        return Fault(of: CheckResult(result, outputLimit: 4096, timeout: .seconds(1))) { known }
    }

    @Test func `is nothing where the command passes or the files have that name`() {
        let missing = "E   ModuleNotFoundError: No module named 'calc'\n"
        #expect(fault(printing: missing)?.name == "calc")
        #expect(fault(printing: missing, status: 0) == nil)
        for file in ["calc.py", "src/calc/__init__.py", "tests/test_calc.py", "calk.py", "clac.py"] {
            #expect(fault(printing: missing, files: [file]) == nil, "\(file)")
        }
        #expect(fault(printing: "ModuleNotFoundError: No module named 'jsno'\n") == nil)
        #expect(fault(printing: "ModuleNotFoundError: No module named 'lxml'\n")?.name == "lxml")
        let header = "a.c:1:1: fatal error: list.h: No such file or directory\n"
        #expect(fault(printing: header)?.name == "list.h" && fault(printing: header, files: ["inc/list.h"]) == nil)
    }

    @Test func `is the network only where no failure is about anything else`() {
        let network = "E   urllib.error.URLError: <urlopen error [Errno -3] Temporary failure in name resolution>\n"
        #expect(fault(printing: network)?.kind == .network)
        let other = "FAILED tests/test_a.py::test_b - AssertionError: 1 != 2\n"
        #expect(fault(printing: network + other) == nil)
    }
}

extension CapturedOutput {
    fileprivate init(head text: String) {
        self.init()
        head = Array(text.utf8)
    }
}

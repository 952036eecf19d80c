import Testing
import Text

@Suite struct `The status of a shell line` {
    @Test(arguments: [
        "make test | tail", "make test 2>&1 | tail -5", "make test |& cat", "(make; make test) | head", "a | b && c",
        "make test || true", "make || make again", "make test; echo done", "make test\necho $?", "make test &",
        "make test & wait; true", "cat <<E | sh\nexit 1\nE", "make 'a|b' | cat", "x=$(a) make | tee log",
        "make test; ls | wc -l", "make;\n: \n", "make |\n cat",
    ])
    func `is that of a part`(_ line: String) {
        #expect(ShellLine(line).hidesStatus)
    }

    @Test(arguments: [
        "make test", "cd x && make test", "cd x; make test", "set -o pipefail; make test | tail",
        "set -euo pipefail\nmake | tail\necho ok", "grep 'a|b' f", "grep \"a | b\" f", "grep a\\|b f",
        "test $(ls | wc -l) -eq 3", "x=`a | b`; make", "make test || exit 1", "make || { echo no; exit 1; }",
        "cat <<'E' > f\na | b\nE",
        "make test > log 2>&1", "make test &> log", "make >| log", "make # | tail", "make && echo ok",
        "set -e; make; echo ok",
        "echo done", "make test;", "make test\n", "", "|", "cat <<< 'a|b'", "a &&\n b", "make \\\n test",
    ])
    func `is that of the whole`(_ line: String) {
        #expect(!ShellLine(line).hidesStatus)
    }

    @Test func `never traps`() {
        let pieces = ["'", "\"", "\\", "$(", ")", "`", "<<", "E", "\n", "|", "&", ";", "#", " ", "a", ">", "<"]
        var number: UInt64 = 7
        for _ in 0..<5000 {
            var line = ""
            for _ in 0..<12 {
                number = number &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                line += pieces[Int(number >> 33) % pieces.count]
            }
            _ = ShellLine(line)
        }
    }
}

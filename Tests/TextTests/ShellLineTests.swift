import Foundation
import Testing
import Text

@Suite struct `A shell line` {
    @Test(arguments: [
        "make test | tail", "make |& cat", "(make; make test) | head", "a | b && c", "make || make again",
        "make test; echo done", "make test\necho $?", "make test &", "make & wait; true", "cat <<E | sh\nexit 1\nE",
        "(make; echo ok) > log", "make || (exit 1)", "(make &)", "make \u{301}| cat", "make |\u{301} cat",
        "a; #b\necho", "make <<-E | cat\n\tE\n", "make\r\necho ok",
    ])
    func `hides the status of a part`(_ line: String) {
        #expect(ShellLine(line).hidesStatus)
    }

    @Test(arguments: [
        "make", "make test > log 2>&1", "make &> log", "make >| log", "grep 'a|b' f", "x $(a | b \")\" ) c",
        "x \"$(a | \"b\")\" c", "x `a | b` c", "x ${y:-a|b} c", "make || exit 1", "make || { echo no; exit 1; }",
        "cat <<'E' > f\na | b\nE", "cat <<E1 <<E2 > f\na | b\nE1\nc | d\nE2\n", "cat <<-E\n\ta|b\n\tE\n",
        "set -e; make; echo ok", "make # | tail", "a\\\nb", "x 'a\n|b'", "", "|", "#a|b", "a#b c", "diff <(a | b) c",
        "make; > log", "cat <<E\r\na | b\r\nE\r\n",
    ])
    func `gives the status of the whole`(_ line: String) {
        #expect(!ShellLine(line).hidesStatus)
    }

    @Test(arguments: [
        ("sed -i s/a/b/ x", "sed"), ("/usr/bin/python3 - <<'E'\nprint()\nE", "python3"),
        ("cd src && FOO=1 black .", "black"), ("cd src; make", "make"), ("cd src\nmake", "make"), ("cd src", "cd"),
        ("sudo env A=b make", "make"), (">log make", "make"), ("'black' .", "black"), ("# why\ngo fmt", "go"),
        ("(cd a; make)", "make"),
    ])
    func `names the program that it starts`(_ line: String, _ name: String) {
        #expect(ShellLine(line).programName == name)
    }

    @Test(arguments: [
        ("cat src/a.c b.h", ["src/a.c", "b.h"]), ("cat Makefile", []), ("sed -n 1,80p lib/x.py", ["lib/x.py"]),
        ("grep -rn foo.bar src/", ["src/"]), ("rg 'a.b' x.rs | head -5", ["x.rs"]), ("ls a.c", []),
        ("cd x && /bin/cat a.c; tail -n 3 a.c > b.c", ["a.c"]), ("cat $F ~/x.c \"*.c\" 1.5", []),
    ])
    func `names the files that it reads`(_ line: String, _ files: [String]) {
        #expect(ShellLine(line).readFiles == files)
    }

    @Test(arguments: ["", "$(evil)", "$X a", "\u{1B}x", "A=1", "é", "'a b'", "/"])
    func `has no name where none can be told`(_ line: String) {
        #expect(ShellLine(line).programName == nil)
    }

    @Test(arguments: [
        "sed -n 1,20p a.py", "cat a b", "ls -la", "rg -n 'a|b' src", "grep -rn x . | head -5",
        "cd x && git log --oneline",
        "git -C x --no-pager show HEAD", "git diff HEAD~1", "PAGER=cat git log", "for f in a b; do sed -n 1p $f; done",
        "cat a 2>/dev/null; echo; tail -3 b 2>&1", "find . -name x | sort | uniq -c", "/bin/cat a", "cat $A", "pwd; ls",
        "awk '{print $1}' f", "if true; then cat a; fi", "head -c 10 a | xxd",
    ])
    func `that only shows things proves nothing`(_ line: String) {
        #expect(ShellLine(line).onlyShows && ShellLine(line).onlyReads)
    }

    @Test(arguments: ["grep -q x f", "diff a b", "test -f a", "[ -f a ]", "git diff --exit-code", "cat a; cmp a b"])
    func `that compares things is a check, and changes no file`(_ line: String) {
        #expect(!ShellLine(line).onlyShows && ShellLine(line).onlyReads)
    }

    @Test(arguments: [
        "make", "sed -i s/a/b/ x", "sed -ni.bak p x", "sed --in-place=.b p x", "cat a > b", "echo x >> y", "cat $(x)",
        "git checkout a", "git", "find . -delete", "find . -exec rm {} +", "sort -o a a", "cat a | tee b", "", "$X a",
        "awk '{print > \"f\"}' a", "ls; python3 x.py", "cat a | python3 -", "`x`", "cat <<E > f\na\nE", "xargs rm",
    ])
    func `that may do more is not one that reads`(_ line: String) {
        #expect(!ShellLine(line).onlyShows && !ShellLine(line).onlyReads)
    }

    @Test(arguments: [
        "curl x", "cd a && /usr/bin/curl x", "sh -c 'curl x'", "$(curl x)", "`curl x`", "sudo -E curl x",
        "env A=1 curl x", "a;curl x", "a\ncurl x", "a|curl x", "a&curl x", "(curl x)", "{ curl x; }", "X=$(curl x)",
        "\"curl\" x", "c''url x", "cu\\rl x", "c$()url x", "c${x}url x", "cu\\\nrl x", "sh -c 'cd a; curl x'",
        "sh <<E\ncurl x\nE", "a # curl x", "a\u{2028}curl x", "<f curl x", "\"/usr/bin/curl\" x", "a;\u{301} curl x",
        "c$'u'rl x", "c$\"url\" x", "{curl,x}", "{curl,} x", "{true,curl} x", "{a..c}{u,url} x", "cu{r..r}l x",
        "$'\\x63url' x", "$'\\143ur\\u006c' x", "cu${IFS}rl x", "curl${IFS}x", "curl$IFS$9x", "/bin/cur? x",
        "/bin/c*l x",
        "c[tu]rl x", "c[]u]rl x", "${x:-curl} x", "c${x:-ur}l x", "${x-curl} x", "$(echo curl) x", "`echo curl` x",
        "c$(echo ur)l x", "c=curl; $c x", "for c in curl; do $c x; done", "read c; $c x", "a=cu b=rl; $a$b x",
        "eval 'cu\"\"rl x'", "sh -c \"{curl,x}\"", "bash -c 'eval \"c\\url x\"'", "eval c{url\\ x,}", "{{curl,x},a}",
        "curl \"$'\\x78'\" x", "x=url; c$x {x,y}", "env {A=1,curl,x}",
    ])
    func `may run a program that is refused`(_ line: String) {
        #expect(ShellLine(line).mayRun(["curl", "x"]))
    }

    @Test(arguments: [
        "curly x", "curl y", "xcurl x", "curl", "echo curl", "", "{curl}y x", "'{curl,x}'", "\\{curl,x}", "'cur?' x",
        "$CC x", "make {a,b} x", "$'\\x64url' x", "${x:-make} x", "git log --grep='[x]'", "wget x", "*.c x", "{a..z} y",
    ])
    func `runs no other program`(_ line: String) {
        #expect(!ShellLine(line).mayRun(["curl", "x"]))
    }

    @Test func `may run a program that is refused by its path`() {
        #expect(ShellLine("/opt/x/tool a").mayRun(["/opt/x/tool"]) && !ShellLine("tool a").mayRun(["/opt/x/tool"]))
    }

    /// Lines that hide a program behind what a shell makes of words, made of pieces that each give what they stand for.
    private static let hidden: [String] = {
        let ways: [(String) -> [String]] = [
            { ["'\($0)'", "\"\($0)\"", "$'\($0)'", $0.map { "\\\($0)" }.joined()] },
            { text in ["$'" + text.utf8.map { "\\x" + String($0, radix: 16) }.joined() + "'"] },
            { text in ["$'" + text.utf8.map { "\\" + String($0, radix: 8) }.joined() + "'"] },
            {
                [
                    "${none:-\($0)}", "${none-\($0)}", "${HOME:+\($0)}", "$(echo \($0))", "`echo \($0)`",
                    "$(printf %s \($0))",
                ]
            },
            { ["{\($0),}", "$none\($0)", "${none}\($0)$(true)", "''\($0)\"\"", "\\\n\($0)"] },
        ]
        var lines: [String] = []
        for (head, tail) in [("", "curl"), ("c", "url"), ("cur", "l")] {
            for way in ways { lines += way(tail).map { "\(head)\($0) x" } }
        }
        let words =
            lines + [
                "{curl,x}", "curl${IFS}x", "{curl,{x,y}}", "{,c}{url,} x", "{c..c}url x", "$PWD/bin/cur? x",
                "bin/c*l x",
            ]
        return words
            + words.flatMap { line in
                [
                    "true; \(line)", "a=1 \(line)", "if true; then \(line); fi", "(\(line))", "x=$(\(line))",
                    "eval \(line.quotedForShell)",
                ]
            } + ["c=curl; $c x", "a=cu; b=rl; $a$b x", "for c in curl; do $c x; done", "read c <<< curl; $c x"]
    }()

    @Test func `may run what bash really runs`() throws {
        let root = FileManager.default.temporaryDirectory.path + "/shell-\(UUID().uuidString.prefix(8))"
        defer { try? FileManager.default.removeItem(atPath: root) }
        try FileManager.default.createDirectory(atPath: root + "/bin", withIntermediateDirectories: true)
        let stub = "#!/bin/bash\n[ \"$1\" = x ] && : > ran\n"
        try stub.write(toFile: root + "/bin/curl", atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: root + "/bin/curl")
        var (count, missed) = (0, [String]())
        for line in Self.hidden {
            let bash = Process()
            bash.executableURL = URL(fileURLWithPath: "/bin/bash")
            bash.arguments = ["--norc", "--noprofile", "-c", line]
            bash.environment = ["PATH": root + "/bin", "HOME": root]
            bash.currentDirectoryURL = URL(fileURLWithPath: root)
            (bash.standardInput, bash.standardOutput, bash.standardError) =
                (FileHandle.nullDevice, FileHandle.nullDevice, FileHandle.nullDevice)
            try bash.run()
            bash.waitUntilExit()
            guard (try? FileManager.default.removeItem(atPath: root + "/ran")) != nil else { continue }
            count += 1
            if !ShellLine(line).mayRun(["curl", "x"]) { missed.append(line) }
        }
        #expect(missed == [])
        #expect(count > Self.hidden.count * 2 / 3, "most of the lines should run it: \(count) of \(Self.hidden.count)")
    }

    @Test func `is plain words or none`() {
        #expect(ShellLine("npm ci --omit=dev ./a:b @c 10% a+b,c").plainWords?.first == "npm")
        for character in "|&;<>()$`\\\"' \t\n\r*?[]#~!{}^é\u{0}\u{1B}\u{A0}".unicodeScalars where character != " " {
            #expect(ShellLine("npm a\(character)b").plainWords == nil)
        }
    }

    @Test func `never traps`() {
        let pieces = [
            "'", "\"", "\\", "$(", "${", "{", ",", "..", "[", "]", "*", "$'", "\\x", "$", ")", "}", "`", "<<", "<<-",
            "<(", "E", "\n", "\r", "|", "&", ";", "#",
            " ", "a", ">", "<", "2", "\u{301}",
        ]
        var random = SeededRandom(7)
        for _ in 0..<5000 {
            let line = (0..<12).reduce(into: "") { line, _ in line += pieces.randomElement(using: &random) ?? "" }
            let read = ShellLine(line)
            _ = (read.hidesStatus, read.programName, read.plainWords, read.mayRun(["a"]))
            _ = ShellWords(line, variables: ["a": "b"])
        }
        let long = ShellLine(String(repeating: "x", count: 1 << 20) + " " + String(repeating: "a;", count: 100_000))
        #expect(long.mayRun(["a"]) && !long.hidesStatus)
        let deep = String(repeating: "$(\"", count: 100_000)
        #expect(ShellWords(deep, variables: [:]).isOpaque)
    }
}

@Suite struct `The words of a shell line` {
    @Test(arguments: [
        ("cat", ["cat"]), ("a 'b c' \"d e\" f\\ g", ["a", "b c", "d e", "f g"]), ("A=1 B=x run it", ["run", "it"]),
        ("one | two x && three;four", ["one", "two", "x", "three", "four"]), ("~/bin/x ~y", ["/home/me/bin/x", "~y"]),
        ("$HOME/x ${HOME}/y '$HOME' \"$HOME\" $NO", ["/home/me/x", "/home/me/y", "$HOME", "/home/me", ""]),
        ("sed -e 's/$Id$/x/'", ["sed", "-e", "s/$Id$/x/"]), ("x <in >out", ["x", "in", "out"]), ("", []),
        ("\"open", ["open"]), ("x \"\\a\\$\\\"\"", ["x", "\\a$\""]), ("x ''", ["x", ""]),
        ("a 2>&1 2>e", ["a", "1", "e"]),
        ("a\\\nb c", ["ab", "c"]), ("x #y\nz", ["x", "z"]), ("x $1a", ["x", "a"]), ("x #", ["x"]),
        ("f() { ./b; }", ["f", "./b"]), ("if a; then ./b; fi", ["a", "./b", "fi"]),
    ])
    func `are those that a shell would make`(_ line: String, _ expected: [String]) {
        let words = ShellWords(line, variables: ["HOME": "/home/me"])
        #expect(words.words.map(\.text) == expected)
        #expect(!words.isOpaque)
    }

    @Test(arguments: [
        "$(x)", "x \"$(y)\"", "x `y`", "cd a && ./b", "eval x", "x ${y%z}", "a | (cd b; c)", "sh <<E\n./evil\nE",
        "x $@", "x \"$*\"", "A=$(x) b", "x > $(y)", "x <(y)", "x $'y'",
    ])
    func `leave open what cannot be told`(_ line: String) {
        #expect(ShellWords(line, variables: [:]).isOpaque)
    }

    @Test func `tell the files of redirections from programs`() {
        let words = ShellWords("<in ./x a >out; f() { ./y; }", variables: [:]).words
        #expect(words.filter(\.isProgram).map(\.text) == ["./x", "f", "./y"])
        #expect(words.map(\.program) == ["", "./x", "./x", "./x", "f", "./y"])
    }

    @Test func `are read as they were quoted`() {
        let words = ["", "a", "a b", "it's", "$HOME", "`x`", "~/a", "a\nb", "é", "\"\\\"", "#", "*", "-x=1", "'"]
        let line = words.map(\.quotedForShell).joined(separator: " ")
        #expect(ShellWords("x " + line, variables: ["HOME": "h"]).words.dropFirst().map(\.text) == words)
        #expect("make -j2 a/b.c".split(separator: " ").map { String($0).quotedForShell } == ["make", "-j2", "a/b.c"])
    }
}

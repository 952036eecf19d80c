/// The words of one command, and how to find the program behind those that only start it.
struct ProgramWords {
    private(set) var words: ArraySlice<String>
    /// Programs that were passed over and read files of their own, such as `bundle` or `poetry`.
    private(set) var wrappers: [String] = []

    init(_ words: [String]) {
        self.words = words[...]
        peel()
    }

    /// The name of the program, without its folder and without a version; empty if only a shell can tell it.
    var name: String { words.first.map(Self.name) ?? "" }

    /// What follows the program.
    var arguments: ArraySlice<String> { words.dropFirst() }

    /// The arguments that are no options.
    var operands: [String] { arguments.filter { !$0.hasPrefix("-") && !$0.isEmpty } }

    static func name(_ word: String) -> String {
        let last = word.split(separator: "/").last.map(String.init) ?? ""
        let name = last.hasSuffix(".exe") ? String(last.dropLast(4)) : last
        for stem in ["python", "pypy", "pip", "ruby", "php", "perl", "lua", "clang", "gcc"]
        where name.hasPrefix(stem) && name.dropFirst(stem.count).allSatisfy({ $0.isNumber || $0 == "." || $0 == "-" }) {
            return stem
        }
        return name
    }

    /// Words that may stand before a program, and how many operands of their own they take.
    private static let plain: [String: Int] = [
        "sudo": 0, "time": 0, "nice": 0, "nohup": 0, "exec": 0, "command": 0, "builtin": 0, "eatmydata": 0, "setsid": 0,
        "stdbuf": 0, "ionice": 0, "env": 0, "cross-env": 0, "dotenv": 0, "timeout": 1, "gtimeout": 1, "xvfb-run": 0,
        "catchsegv": 0, "strace": 0, "valgrind": 0, "unbuffer": 0, "chronic": 0, "retry": 0, "flock": 1, "taskset": 1,
        "chrt": 1, "xargs": 0, "parallel": 0, "!": 0, "{": 0, "if": 0, "then": 0, "elif": 0, "else": 0, "while": 0,
        "until": 0, "do": 0, "npx": 0, "bunx": 0, "pnpx": 0, "uvx": 0, "pipx": 1, "script": 0, "fakeroot": 0,
    ]

    /// Programs that start others behind a word of theirs.
    private static let runners: [String: Set<String>] = [
        "bundle": ["exec"], "poetry": ["run"], "pipenv": ["run"], "uv": ["run"], "pdm": ["run"], "rye": ["run"],
        "pixi": ["run"], "pnpm": ["exec", "dlx"], "yarn": ["exec", "dlx"], "npm": ["exec", "x"], "bun": ["x"],
        "direnv": ["exec"], "conda": ["run"], "coverage": ["run"], "asdf": ["exec"], "rbenv": ["exec"],
        "mise": ["exec"], "opam": ["exec"], "devbox": ["run"], "stack": ["exec"], "cabal": ["exec"], "kcov": [],
    ]

    /// Options of wrappers that take the next word.
    private static let valued: Set<String> = [
        "-n", "-u", "-k", "-s", "-p", "-C", "-S", "-g", "-I", "-L", "-P", "--with", "--python", "--group", "--extra",
        "--source", "--rcfile", "--project", "--package",
    ]

    private mutating func peel() {
        while let word = words.first {
            if word.isEmpty || Self.isAssignment(word) {
                words = words.dropFirst()
                // `$(PYTHON) -m pytest`
                if word.isEmpty, words.first == "-m" { words = ["python"] + words }
                continue
            }
            let name = Self.name(word)
            if let operands = Self.plain[name] {
                if name.count > 1 { wrappers.append(name) }
                skipOptions(after: operands)
            } else if let verbs = Self.runners[name], let verb = words.dropFirst().first, verbs.contains(verb) {
                wrappers.append(name)
                words = words.dropFirst()
                skipOptions(after: 0)
                if name == "coverage", words.first.map({ !$0.hasSuffix(".py") }) ?? false, usedModule {
                    words = ["python", "-m"] + words
                } else if name == "coverage" {
                    words = ["python"] + words
                }
            } else {
                return
            }
        }
    }

    /// Whether the options that were passed over last had `-m`.
    private var usedModule = false

    private mutating func skipOptions(after operands: Int) {
        words = words.dropFirst()
        usedModule = false
        var left = operands
        while let word = words.first {
            if word == "--" {
                words = words.dropFirst()
                return
            }
            if word == "-m" { usedModule = true }
            if word.hasPrefix("-") {
                words = words.dropFirst(Self.valued.contains(word) ? 2 : 1)
            } else if left > 0 {
                left -= 1
                words = words.dropFirst()
            } else {
                return
            }
        }
    }

    private static func isAssignment(_ word: String) -> Bool {
        guard let sign = word.firstIndex(of: "="), sign > word.startIndex else { return false }
        return word[..<sign].allSatisfy { $0 == "_" || $0.isLetter || $0.isNumber }
    }
}

import JSON
import Repository
import Text

/// Reads shell lines, and the files of a commit that they run.
struct CommandReader {
    private(set) var tools: Set<String> = []
    private(set) var scripts: Set<BytePath> = []
    private(set) var patterns: [PathPattern] = []
    private let repository: GitRepository
    private let commit: CommitID
    private var followed: Set<String> = []

    /// So many files are followed, so deep, and of at most so many bytes.
    private static let (mostFiles, deepest, byteLimit) = (60, 8, 256 << 10)

    init(_ repository: GitRepository, _ commit: CommitID) {
        (self.repository, self.commit) = (repository, commit)
    }

    /// Reads a shell line that starts in a folder.
    mutating func read(_ line: String, in folder: BytePath, depth: Int) throws(RepositoryError) {
        guard depth <= Self.deepest, line.utf8.count <= Self.byteLimit else { return }
        let shell = ShellLine(line)
        var folder = folder
        for words in shell.commandWords {
            let program = ProgramWords(words)
            tools.formUnion(program.wrappers)
            if ["cd", "pushd"].contains(program.name) {
                if let next = program.operands.first { folder = Self.path(next, in: folder) ?? folder }
                continue
            }
            try read(program, in: folder, depth: depth)
        }
        for file in shell.redirectedFiles {
            if let path = Self.path(file, in: folder), Self.isCheckLike(path) { try follow(path, depth: depth) }
        }
    }

    private mutating func read(_ program: ProgramWords, in folder: BytePath, depth: Int) throws(RepositoryError) {
        let name = program.name
        guard let word = program.words.first, !name.isEmpty else { return }
        tools.insert(name)
        switch name {
        case "sh", "bash", "dash", "zsh", "ksh", "ash", "busybox", "fish", "pwsh":
            try readShell(program, in: folder, depth: depth)
        case ".", "source":
            if let file = program.operands.first { try run(file, in: folder, depth: depth, isShell: true) }
        case "eval":
            try read(program.arguments.joined(separator: " "), in: folder, depth: depth + 1)
        case "python", "pypy", "ruby", "node", "perl", "php", "lua", "deno", "Rscript", "julia", "ts-node", "tsx",
            "groovy", "elixir", "tclsh", "luajit", "jruby", "nodejs", "osascript", "guile":
            try readInterpreter(program, in: folder, depth: depth)
        case "make", "gmake", "bmake", "remake":
            try readMake(program, in: folder, depth: depth)
        case "npm", "yarn", "pnpm", "bun":
            try readPackageManager(program, in: folder, depth: depth)
        case "go", "cargo", "swift", "dotnet", "mix", "composer", "hatch", "pdm":
            if let verb = program.operands.first { tools.insert("\(name)-\(verb)") }
            if name == "composer" { try readPackageManager(program, in: folder, depth: depth) }
        case "tox": try followLines(of: "tox.ini", in: folder, depth: depth)
        case "pre-commit": try readHooks(in: folder)
        case "diff", "cmp", "comm", "colordiff", "sdiff": try readComparison(program, in: folder)
        default: break
        }
        if word.contains("/") { try run(word, in: folder, depth: depth, isShell: false) }
        guard Self.testRunners.contains(name) else { return }
        for operand in program.arguments where !operand.hasPrefix("-") {
            try nameTests(operand, in: folder)
        }
    }

    /// Protects what the output of something is compared with.
    private mutating func readComparison(_ program: ProgramWords, in folder: BytePath) throws(RepositoryError) {
        let operands = program.arguments.filter { $0 == "-" || !$0.hasPrefix("-") }
        let files = operands.filter { $0 != "-" && $0 != "/dev/stdin" && !$0.hasPrefix("<(") }
        for file in files where files.count < operands.count || Self.isExpectation(file) {
            guard let path = Self.path(file, in: folder), try contents(of: path) != nil else { continue }
            try note(path)
        }
    }

    private static func isExpectation(_ name: String) -> Bool {
        let name = name.lowercased()
        return ["expect", "golden", "want", "reference", "approved", "snapshot", "baseline", "correct"].contains {
            name.contains($0)
        }
    }

    private static let testRunners: Set<String> = [
        "pytest", "py.test", "unittest", "nose2", "nosetests", "jest", "vitest", "mocha", "ava", "tap", "rspec",
        "phpunit", "pest", "bats", "prove", "cucumber", "behave", "robot", "jasmine", "tape", "minitest", "shellspec",
        "busted", "ward", "trial", "stestr", "cram", "lit", "testthat",
    ]

    private mutating func readShell(_ program: ProgramWords, in folder: BytePath, depth: Int) throws(RepositoryError) {
        var rest = program.arguments
        while let word = rest.popFirst() {
            if word.hasPrefix("-"), !word.hasPrefix("--"), word.contains("c") {
                if let line = rest.first { try read(line, in: folder, depth: depth + 1) }
                return
            }
            if word == "-o" || word == "-O" { rest = rest.dropFirst() }
            guard word.hasPrefix("-") || word.hasPrefix("+") || word == "sh" else {
                return try run(word, in: folder, depth: depth, isShell: true)
            }
        }
    }

    private mutating func readInterpreter(
        _ program: ProgramWords, in folder: BytePath, depth: Int
    ) throws(RepositoryError) {
        var rest = program.arguments
        if program.name == "deno", rest.first == "run" || rest.first == "test" { rest = rest.dropFirst() }
        while let word = rest.popFirst() {
            if word == "-m", let module = rest.popFirst() {
                // `python -m pytest tests` is the program pytest, or a module of the repository's own.
                try read(ProgramWords([module] + rest), in: folder, depth: depth + 1)
                let file = module.replacing(".", with: "/")
                for place in ["\(file).py", "\(file)/__main__.py", "src/\(file)/__main__.py"] {
                    try run(place, in: folder, depth: depth, isShell: false)
                }
                return
            }
            if ["-c", "-e", "-r", "-E", "-p", "--eval", "--print"].contains(word) {
                if program.name != "node" || word != "-r" { return }
            }
            if word == "--test" { tools.insert("node-test") }
            if ["-W", "-X", "-r", "--require", "--import", "--loader", "-I", "-M"].contains(word) {
                if let file = rest.popFirst(), file.contains("/") {
                    try run(file, in: folder, depth: depth, isShell: false)
                }
                continue
            }
            if word.hasPrefix("-") { continue }
            if word.hasSuffix("setup.py") || word == "setup.py" { tools.insert("setup.py") }
            tools.insert(ProgramWords.name(word))
            if let operands = Optional(rest.filter { !$0.hasPrefix("-") }), tools.contains("node-test") {
                for operand in operands { try nameTests(operand, in: folder) }
            }
            return try run(word, in: folder, depth: depth, isShell: false)
        }
    }

    /// Protects a test that a runner is given by its path, and a folder in which there is nothing else.
    private mutating func nameTests(_ word: String, in folder: BytePath) throws(RepositoryError) {
        let file = word.split(separator: "::").first.map(String.init) ?? word
        let asModule = file.replacing(".", with: "/") + ".py"
        for candidate in [file, asModule] {
            guard let path = Self.path(candidate, in: folder), !path.bytes.isEmpty,
                let place = try repository.place(followingLinks: path, in: commit)
            else { continue }
            if try repository.entries(of: place, in: commit) == nil {
                scripts.formUnion([path, place])
            } else if try isTestFolder(place) {
                let pattern = place.text.hasPrefix("\"") ? nil : PathPattern("/\(place.text)/", ignoresCase: false)
                if let pattern { patterns.append(pattern) }
            }
        }
    }

    /// Whether all files of a folder are tests by their names, or what usually stands beside them.
    private func isTestFolder(_ folder: BytePath) throws(RepositoryError) -> Bool {
        let files = (try repository.entries(of: folder, in: commit) ?? []).filter { $0.kind == .file }
        let tests = UsualPaths.table.filter { $0.reason == .test || $0.reason == .configuration }.flatMap(\.patterns)
        let isTest = files.map { file in tests.contains { $0.matches(file.name) } }
        let others = zip(files, isTest).filter { !$1 && $0.name != "__init__.py" }
        return isTest.contains(true) && others.isEmpty
    }

    /// Protects what the usual folders of tests lead to, where they are links.
    mutating func followTestFolders() throws(RepositoryError) {
        guard let root = try repository.entries(of: "", in: commit) else { return }
        for entry in root where entry.kind == .link && UsualPaths.testFolders.contains(entry.name.text) {
            guard let place = try repository.place(followingLinks: entry.name, in: commit), !place.bytes.isEmpty,
                let pattern = PathPattern("/\(place.text)", ignoresCase: false)
            else { continue }
            patterns.append(pattern)
        }
    }

    /// Notes a file that is run, and reads it if it is a shell script.
    mutating func run(_ word: String, in folder: BytePath, depth: Int, isShell: Bool) throws(RepositoryError) {
        guard let path = Self.path(word, in: folder) else { return }
        guard let bytes = try contents(of: path) else {
            // A script that is not there yet; a program that is built is none.
            if isShell || (word.contains("/") && Self.isScriptName(path)) { scripts.insert(path) }
            return
        }
        let isShellScript = isShell || Self.isShellScript(path, bytes)
        guard isShellScript || Self.isCheckLike(path) || Self.asserts(bytes) else { return }
        try note(path)
        if isShellScript { try follow(path, depth: depth) }
    }

    /// Notes a file by its own path and by the one that it leads to.
    private mutating func note(_ path: BytePath) throws(RepositoryError) {
        scripts.insert(path)
        if let place = try repository.place(followingLinks: path, in: commit) { scripts.insert(place) }
    }

    private mutating func follow(_ path: BytePath, depth: Int) throws(RepositoryError) {
        guard let bytes = try contents(of: path) else { return }
        try note(path)
        guard followed.count < Self.mostFiles, followed.insert(path.text).inserted else { return }
        // Scripts usually begin with a change to the root, or to their own folder.
        let text = String(decoding: bytes, as: UTF8.self)
        try read(text, in: "", depth: depth + 1)
        if let own = path.parents.last { try read(text, in: own, depth: depth + 1) }
    }

    /// Reads the indented lines of a file as shell lines.
    private mutating func followLines(of name: String, in folder: BytePath, depth: Int) throws(RepositoryError) {
        guard let path = Self.path(name, in: folder), let bytes = try contents(of: path) else { return }
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            guard line.first?.isWhitespace == true || line.hasPrefix("commands") else { continue }
            let command = line.split(separator: "=", maxSplits: 1).last.map(String.init) ?? String(line)
            try read(line.first?.isWhitespace == true ? String(line) : command, in: folder, depth: depth + 1)
        }
    }

    /// The names of the hooks are those of the linters.
    private mutating func readHooks(in folder: BytePath) throws(RepositoryError) {
        guard let path = Self.path(".pre-commit-config.yaml", in: folder), let bytes = try contents(of: path) else {
            return
        }
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            let words = line.split { $0.isWhitespace || $0 == "-" || $0 == "," }
            if words.first == "id:", let name = line.split(separator: "id:").last {
                tools.insert(name.filter { !$0.isWhitespace && $0 != "\"" && $0 != "'" })
            }
        }
    }

    /// Whether something is met for the first time, and no limit is reached.
    mutating func isFirst(_ key: String) -> Bool {
        followed.count < Self.mostFiles && followed.insert(key).inserted
    }

    func contents(of path: BytePath) throws(RepositoryError) -> [UInt8]? {
        guard let place = try repository.place(followingLinks: path, in: commit), !place.bytes.isEmpty else {
            return nil
        }
        do throws(RepositoryError) {
            let bytes = try repository.contents(of: place, in: commit)
            return bytes.flatMap { $0.count <= Self.byteLimit ? $0 : [] }
        } catch {
            guard error.code == .notARegularFile else { throw error }
            return nil
        }
    }
}

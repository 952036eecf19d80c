import Text

/// What a command of a repository's files is for, the most telling first.
enum CommandKind: Int, Comparable, CaseIterable {
    case test, lint, build

    static func < (one: CommandKind, other: CommandKind) -> Bool { one.rawValue < other.rawValue }

    /// Reads a shell line; nil for one that neither tests, nor checks, nor builds.
    init?(line: String) {
        let kinds = ShellLine(line).knownCommands.compactMap(CommandKind.init(words:))
        guard let best = kinds.min() else { return nil }
        self = best
    }

    /// Reads the words of one command.
    init?(words: [String]) {
        let words = Self.withoutWrappers(words[...])
        guard let program = words.first else { return nil }
        let isPath = program.contains("/")
        let file = program.split(separator: "/").last.map(String.init) ?? program
        let name = Self.withoutEnding(file)
        let rest = words.dropFirst()
        if Self.takesRun.contains(name), !rest.contains("run") { return nil }
        if let kind = Self.programs[name] {
            self = kind
        } else if let kind = Self.kind(ofRunner: name, rest) {
            self = kind
        } else if isPath || file != name,
            let kind = Self.kind(ofTokens: [program.split(separator: "/").dropLast().joined(separator: "/"), name])
        {
            // A script of the repository's own; `test` alone is the shell's.
            self = kind
        } else {
            return nil
        }
    }

    private static let endings = ["sh", "bash", "py", "js", "mjs", "cjs", "ts", "rb", "pl", "php", "exe", "bat"]

    private static func withoutEnding(_ file: String) -> String {
        guard let dot = file.lastIndex(of: "."), dot != file.startIndex,
            endings.contains(String(file[file.index(after: dot)...]))
        else { return file }
        return file.hasSuffix("manage.py") || file.hasSuffix("setup.py") ? file : String(file[..<dot])
    }

    private static let takesRun: Set<String> = ["pre-commit"]

    /// Programs that are for one thing whatever their arguments are.
    private static let programs: [String: CommandKind] = {
        let tests = """
            pytest py.test tox nox nosetests nosetests3 nose2 trial unittest ctest jest vitest mocha ava karma cypress rspec \
            phpunit pest paratest codecept bats prove gotestsum ginkgo busted cargo-nextest stestr testr behave robot tap \
            cucumber elm-test web-test-runner wtr testcafe kcov
            """
        let lints = """
            ruff flake8 pylint mypy pyright basedpyright bandit black isort eslint tsc vue-tsc prettier stylelint biome \
            oxlint golangci-lint staticcheck shellcheck shfmt rubocop standardrb phpstan psalm phpcs php-cs-fixer swiftlint \
            swiftformat clang-format clang-tidy cppcheck yamllint actionlint markdownlint markdownlint-cli2 hadolint ktlint \
            detekt pre-commit codespell typos cspell hlint ormolu scalafmt pyflakes pydocstyle vulture
            """
        var programs: [String: CommandKind] = [:]
        for name in tests.split(separator: " ") { programs[String(name)] = .test }
        for name in lints.split(separator: " ") { programs[String(name)] = .lint }
        return programs
    }()

    /// Programs of which a word says what they do.
    private static let runners: Set<String> = Set(
        """
        make gmake just task go-task mage rake ninja meson bazel bazelisk buck2 gradle gradlew mvn mvnw sbt lein mix swift \
        cargo go dotnet npm pnpm yarn bun deno composer stack cabal dune flutter dart zig rebar3 hatch invoke inv doit scons \
        pants nx turbo lerna rush rails artisan manage.py setup.py cmake node playwright wireit ng crystal nimble gleam tuist \
        moon earthly uv poetry pdm rye
        """.split(separator: " ").map(String.init))

    /// What does something else with a package or a project, whatever stands behind it.
    private static let others: Set<String> = [
        "install", "i", "ci", "add", "remove", "publish", "pack", "login", "update", "upgrade", "init", "create", "mod",
        "clean", "version", "config", "cache", "sync", "lock", "export", "deploy", "release", "tool", "get", "fetch",
        "restore", "import", "audit", "clone", "docs", "doc", "help", "new", "global", "link", "dlx", "self",
        "workload",
    ]

    private static func kind(ofRunner name: String, _ words: ArraySlice<String>) -> CommandKind? {
        guard runners.contains(name) else { return nil }
        let plain = words.filter { !$0.hasPrefix("-") && !$0.contains("=") }
        switch name {
        case "mvn", "mvnw":
            let skips = words.contains { $0.hasPrefix("-DskipTests") || $0.hasPrefix("-Dmaven.test.skip") }
            let goals = ["test", "verify", "package", "install", "integration-test"]
            if plain.contains(where: goals.contains) { return skips ? .build : .test }
        case "gradle", "gradlew":
            if plain.contains("build"), !zip(words, words.dropFirst()).contains(where: { $0 == "-x" && $1 == "test" }) {
                return .test
            }
        case "cargo":
            if plain.first == "check" { return .build }
            if plain.first == "nextest" { return plain.contains("run") ? .test : nil }
            if plain.first == "test", words.contains("--no-run") { return .build }
        case "node":
            if words.contains("--test") { return .test }
            return plain.first.flatMap { kind(ofTokens: [$0]) }
        case "deno" where plain.first == "check": return .lint
        case "cmake":
            guard words.contains("--build") else { return nil }
            return plain.contains("test") || plain.contains("check") ? .test : .build
        case "uv", "poetry", "pdm", "rye": return nil
        default: break
        }
        if let first = plain.first, others.contains(first) { return nil }
        if name == "make" || name == "gmake" || name == "ninja", plain.isEmpty { return .build }
        return kind(ofTokens: Array(plain.prefix(8)))
    }

    private static let lintTokens: Set<String> = [
        "lint", "linter", "linters", "fmt", "format", "formatting", "clippy", "vet", "typecheck", "types", "typing",
        "style",
        "analyse", "analyze", "eslint", "prettier", "mypy", "ruff", "tsc", "spotless", "spotlessCheck", "checkstyle",
        "checkstyleMain", "credo", "dialyzer", "detekt", "ktlint", "ktlintCheck", "phpstan", "pint", "stylelint",
        "lint-check",
    ]
    private static let testTokens: Set<String> = [
        "test", "tests", "check", "checks", "spec", "specs", "verify", "unittest", "unittests", "e2e", "integration",
        "testing", "runtest", "runtests", "nextest", "validate", "regression", "coverage", "unit", "jest", "vitest",
        "pytest",
        "mocha", "tox",
    ]
    private static let buildTokens: Set<String> = ["build", "compile", "all", "assemble"]

    /// Reads words such as `test:unit` and `check-format`.
    private static func kind(ofTokens words: [String]) -> CommandKind? {
        let tokens = Set(words.flatMap { $0.split { ":-_./@".contains($0) }.map(String.init) })
        let lower = Set(tokens.map { $0.lowercased() })
        if !lintTokens.isDisjoint(with: tokens.union(lower)) { return .lint }
        if !testTokens.isDisjoint(with: lower) || tokens.contains(where: isTestWord) { return .test }
        return buildTokens.isDisjoint(with: lower) ? nil : .build
    }

    /// Whether a word is one such as `testDebugUnitTest` or `connectedCheck`.
    private static func isTestWord(_ word: String) -> Bool {
        word.hasSuffix("Test") || word.hasSuffix("Tests") || word.hasSuffix("Check")
            || (word.hasPrefix("test") && word.dropFirst(4).first?.isUppercase == true)
    }

    /// The words behind what only starts another program.
    private static func withoutWrappers(_ words: ArraySlice<String>) -> ArraySlice<String> {
        var words = words
        // Each round takes a word away.
        while let first = words.first {
            let name = first.split(separator: "/").last.map(String.init) ?? first
            let second = words.dropFirst().first ?? ""
            switch name {
            case "!", "env", "sudo", "time", "exec", "command", "nice", "stdbuf", "xvfb-run", "npx", "bunx", "pipx",
                "uvx",
                "dbus-run-session", "chronic", "then", "do", "{", "c8", "nyc":
                words = words.dropFirst().drop { $0.hasPrefix("-") || $0.contains("=") }
                if name == "pipx", words.first == "run" { words = words.dropFirst() }
            case "timeout":
                words = words.dropFirst().drop { $0.hasPrefix("-") }.dropFirst()
            case "poetry", "uv", "pipenv", "pdm", "rye", "conda", "mamba", "devbox":
                guard second == "run" else { return words }
                words = words.dropFirst(2).drop { $0.hasPrefix("-") }
            case "bundle":
                guard second == "exec" else { return words }
                words = words.dropFirst(2)
            case "pnpm", "npm", "yarn", "bun":
                guard second == "exec" || (name == "bun" && second == "x") else { return words }
                words = words.dropFirst(2).drop { $0.hasPrefix("-") }
            case "python", "python3", "py", "coverage":
                let isCoverage = name == "coverage"
                guard !isCoverage || second == "run" else { return words }
                let rest = words.dropFirst(isCoverage ? 2 : 1)
                if let module = rest.firstIndex(of: "-m"), rest[..<module].allSatisfy({ $0.hasPrefix("-") }) {
                    words = rest[(module + 1)...]
                } else {
                    let script = rest.drop { $0.hasPrefix("-") }
                    // A script of the repository's own is told by its name.
                    guard let path = script.first, path.hasSuffix(".py") else { return words }
                    words = script
                }
            case "bash", "sh", "php", "ruby", "perl", "zsh", "dash":
                let script = words.dropFirst().drop { $0.hasPrefix("-") }
                guard let path = script.first, !words.dropFirst().prefix(1).contains("-c"), !path.contains(" ") else {
                    return words
                }
                words = script
            default: return words
            }
        }
        return words
    }
}

import Session

extension Sign {
    /// Code that asks whether it is being tested.
    static let runners: [Sign] = [
        runner(
            ["sys.modules", "PYTEST_", "TestCase", "_pytest"],
            #"['"]_?(pytest|unittest|nose2?|doctest)['"]\s*(not\s+)?in\s+(sys\.)?modules|modules(\.get)?\s*[(\[]\s*['"]_?(pytest|unittest|nose2?|doctest)|PYTEST_(CURRENT_TEST|VERSION|XDIST\w*|ADDOPTS|PLUGINS)"#,
            [.python]),
        runner(
            ["argv", "orig_argv", "cmdline"],
            #"\b(argv|orig_argv|cmdline)\b.*\b(py\.?test|unittest|test|tests|jest|mocha|vitest|rspec)\b|\b(py\.?test|unittest|test|tests|jest|mocha|vitest|rspec)\b.*\b(argv|orig_argv|cmdline)\b"#,
            [.python, .javascript, .ruby, .perl, .php]),
        runner(
            ["NODE_ENV"], #"\bNODE_ENV\b['"\]]*\s*[!=]==?\s*['"]test|['"]test['"]\s*[!=]==?\s*.*\bNODE_ENV\b"#,
            [.javascript]),
        runner(
            ["JEST_WORKER_ID", "VITEST", "import.meta.vitest", "NODE_TEST_CONTEXT", "npm_lifecycle_event", "MOCHA"],
            #"\b(JEST_WORKER_ID|VITEST\w*|NODE_TEST_CONTEXT|npm_lifecycle_event|__MOCHA__|MOCHA_COLORS)\b|import\.meta\.vitest"#,
            [.javascript]),
        runner(
            ["typeof"],
            #"\btypeof\s+(globalThis\.|global\.|window\.)?(jest|describe|it|test|expect|vi|mocha|jasmine|QUnit)\b"#,
            [.javascript]),
        runner(
            ["cfg!(test)", "not(test)", "cfg!("],
            #"\bcfg!\s*\(\s*(not\s*\(\s*)?test\b|\bcfg(_attr)?\s*\(\s*(all\s*\(.*)?not\s*\(\s*test\b"#, [.rust]),
        runner(
            ["RUST_TEST", "NEXTEST", "CARGO_TARGET_TMPDIR"], #"\b(RUST_TEST_\w+|NEXTEST\w*|CARGO_TARGET_TMPDIR)\b"#,
            [.rust]),
        runner(
            ["testing.Testing", "test.v", "test.run", ".test"],
            #"\btesting\.Testing\s*\(|\bLookup\s*\(\s*"test\.|os\.Args\[0\].*\.test"|\.test".*os\.Args\[0\]|"-?test\.(v|run)"#,
            [.go]),
        runner(
            ["RSpec", "Minitest", "Rails.env", "RACK_ENV", "RAILS_ENV"],
            #"\bdefined\?\s*\(?\s*(::)?(RSpec|Minitest|Test::Unit)|\bRails\.env\.test\?|\b(RACK|RAILS)_ENV\b.*['"]test['"]|\$PROGRAM_NAME.*(spec|test)"#,
            [.ruby]),
        runner(
            ["PHPUNIT", "PHPUnit", "APP_ENV", "runningUnitTests"],
            #"\bPHPUNIT_\w+|class_exists\s*\(\s*['"\\]*PHPUnit|APP_ENV['"\]\)]*\s*={2,3}\s*['"]testing|runningUnitTests\("#,
            [.php]),
        runner(
            ["XCTest", "XCTestConfigurationFilePath", "SWIFT_TESTING"],
            #"XCTestConfigurationFilePath|NSClassFromString\s*\(\s*"XCTest|"XCTest\w*"|\bSWIFT_TESTING\w*"#, [.swift]),
        runner(
            ["forName", "sun.java.command", "surefire"],
            #"\bforName\s*\(\s*"org\.(junit|testng)|"sun\.java\.command"|"surefire\.|StackTrace.*junit"#, [.java]),
        runner(["nunit", "xunit", "testhost"], #""[^"]*\b(nunit|xunit|testhost|vstest)\b[^"]*""#, [.csharp]),
        runner(["Mix.env", "ExUnit"], #"\bMix\.env\(?\)?\s*==\s*:test|Code\.ensure_loaded\?\(ExUnit"#, [.elixir]),
        runner(
            ["CI", "GITHUB_ACTIONS", "GITLAB_CI", "CONTINUOUS_INTEGRATION", "GRAFT_"],
            #"(environ|getenv|process\.env|ENV|Getenv|LookupEnv|env::var|\$env|env\()[^,;]*\b(CI|GITHUB_ACTIONS|GITLAB_CI|CONTINUOUS_INTEGRATION|GRAFT_\w+)\b"#,
            [.python, .javascript, .go, .rust, .ruby, .php, .java, .swift, .csharp, .c]),
        runner(
            ["test", "spec", "snap"],
            #"\b(open|read_text|write_text|read_bytes|write_bytes|readFile(Sync)?|writeFile(Sync)?|ReadFile|WriteFile|read_to_string|unlink(Sync)?|Remove(All)?|rmtree|file_get_contents|file_put_contents|File\.(read|write))\b.*['"/](tests?/|test_\w+\.py|\w+_test\.\w+|[\w-]+\.(test|spec)\.\w+|\w+_spec\.rb|[^'"]*\.snap\b)"#,
            [.python, .javascript, .go, .rust, .ruby, .php], message: "code reads or writes a test's file"),
        Sign(
            .shortCut, "code looks at who calls it",
            [
                "inspect.", "_getframe", "extract_stack", "format_stack", "getStackTrace", "runtime.Caller", ".stack",
                "caller",
                "debug_backtrace",
            ],
            #"\binspect\.(stack|currentframe|getouterframes|getsource\w*)\b|\b_getframe\b|\b(extract|format)_stack\b|\bgetStackTrace\b|\bruntime\.Callers?\b|\bnew Error\([^)]*\)\.stack|\bcaller_locations?\b|\bdebug_backtrace\b"#,
            in: [.python, .javascript, .go, .java, .ruby, .php], roles: inSource, .nearTests),
    ]

    private static func runner(
        _ triggers: [String], _ pattern: String, _ languages: Set<SourceLanguage>,
        message: String = "code asks whether it is being tested"
    ) -> Sign {
        Sign(
            .shortCut, message, triggers, pattern, in: languages, roles: inSource, scope: .text, .decisive)
    }
}

import Session

extension Sign {
    /// What makes a script, a CI definition or a recipe pass though a command in it fails.
    static let shells: [Sign] = [
        shell(["||"], #"\|\|\s*(true|:|exit\s+0|echo|printf|return\s+0|/bin/true|cd\s+\.)(\s|;|"|'|\)|&|$)"#),
        shell([";"], #";\s*(true|:|exit\s+0)\s*(["';)]|$)"#),
        shell(["set +e", "set +o", "pipefail"], #"\bset\s+(\+\w*e|\+o\s+(errexit|pipefail))\b"#),
        shell(["exit 0", "return 0"], #"(^|[;&|\s"'])(exit|return)\s+0(?!\w)"#),
        shell(["trap"], #"\btrap\b.*\s(EXIT|ERR|0)(?!\w)"#),
        shell(
            [
                "continue-on-error", "allow_failure", "continueOnError", "ignoreErrors", "allow_failures", "soft_fail",
                "ignore_failures", "fast_finish", "failFast", "fail-fast", "testFailureIgnore", "ignoreFailures",
                "skipTests", "maven.test",
            ],
            #"\b(continue-on-error|allow_failure|continueOnError|ignoreErrors|soft_fail|ignore_failures|testFailureIgnore|ignoreFailures|skipTests|maven\.test\.(skip|failure\.ignore))\b['"]?\s*[:=>]\s*(?!false)"#
        ),
        shell(
            ["if: false", "if: ${{ false", "when: manual", "when: never"],
            #"\bif:\s*(\$\{\{\s*)?false|\bwhen:\s*(manual|never)"#),
        shell(
            [".IGNORE", "-k", "-i", "--ignore-errors", "--keep-going"],
            #"^\s*\.IGNORE\b|\bmake\b.*\s(-i|--ignore-errors)\b"#),
        Sign(
            .weakenedCheck, "a failing command in a recipe is ignored", ["\t-", "\t@-"], #"^\t@?-"#, in: [.make],
            roles: inChecks, scope: .text, .unlessNew),
        shell(
            [
                "--exit-zero", "--passWithNoTests", "--pass-with-no-tests", "--no-verify", "--exit-code",
                "--force-exit",
                "--forceExit", "--suppress-no-test-exit-code", "--no-fail", "--soft-fail", "--allow-empty",
            ],
            #"--(exit-zero|pass-?[wW]ith-?[nN]o-?[tT]ests|no-verify|exit-code[= ]0|force-?[eE]xit|suppress-no-test-exit-code|no-fail|soft-fail)\b"#
        ),
        shell(
            [
                "--ignore", "--deselect", "-k ", "-m ", "-run", "-skip", "--skip", "--exclude",
                "--testPathIgnorePatterns",
                "--testNamePattern", "--grep", "--filter", "--lf", "--co", "--collect-only", "--no-run", "--invert",
            ],
            #"\b(py\.?test|unittest|nose2?|jest|vitest|mocha|ava|rspec|go\s+test|cargo\s+(nextest|test)|ctest|phpunit|swift\s+test|dotnet\s+test|mvn|gradle\w*|node\s+--test|tox|bats|prove)\b.*\s(--ignore(-glob)?|--deselect|-k|-m|-run|-skip|--skip|--exclude|-E|--exclude-regex|--testPathIgnorePatterns|--testNamePattern|-t|--grep|--invert|--filter|--collect-only|--co|--no-run|--lf|--last-failed|-x)\b"#,
            message: "fewer tests are run"),
    ]

    private static func shell(
        _ triggers: [String], _ pattern: String, message: String = "a failure is ignored"
    ) -> Sign {
        Sign(
            .weakenedCheck, message, triggers, pattern,
            in: [.shell, .make, .yaml, .json, .toml, .ini, .docker, .other, .java, .ruby], roles: inTests, scope: .text,
            .unlessNew)
    }
}

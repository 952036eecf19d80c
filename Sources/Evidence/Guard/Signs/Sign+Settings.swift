import Session

extension Sign {
    /// Configuration by which fewer things are checked, or less strictly.
    static let settings: [Sign] = [
        setting(
            [
                "addopts", "norecursedirs", "testpaths", "python_files", "python_functions", "python_classes", "ignore",
                "filterwarnings", "xfail_strict",
            ],
            #"\b(addopts|norecursedirs|testpaths|python_(files|functions|classes)|xfail_strict|collect_ignore)\b"#,
            "which tests are run is changed"),
        setting(
            [
                "testMatch", "testPathIgnorePatterns", "testRegex", "modulePathIgnorePatterns", "exclude",
                "moduleNameMapper",
                "passWithNoTests", "bail", "forbidOnly", "setupFiles", "globalSetup", "reporters", "runner", "resolver",
                "grep",
            ],
            #"\b(testMatch|testPathIgnorePatterns|testRegex|modulePathIgnorePatterns|moduleNameMapper|passWithNoTests|setupFiles\w*|globalSetup|testRunner|resolver|testNamePattern|allowOnly)\b"#,
            "which tests are run, or how, is changed"),
        setting(
            [
                "fail_under", "fail-under", "coverageThreshold", "threshold", "minimum_coverage", "check-coverage",
                "branches",
                "functions", "statements", "minimum", "target:",
            ],
            #"\b(fail[_-]under|coverageThreshold|minimum_coverage|check-coverage|thresholds?)\b"#,
            "what coverage is asked for is changed"),
        setting(
            [
                "ignore_missing_imports", "ignore_errors", "strict", "disallow", "warn_", "per-file-ignores",
                "per_file_ignores",
                "ignore", "disable", "exclude", "select", "\"off\"", "'off'", "noImplicitAny", "skipLibCheck",
                "noEmitOnError",
                "max-line-length", "max-complexity", "line-length", "max-warnings", "enabled: false", "Enabled: false",
            ],
            #"\b(ignore_missing_imports|ignore_errors|strict\w*|disallow_\w+|warn_\w+|per[-_]file[-_]ignores|extend-ignore|ignore|disable|disabled|exclude\w*|extend-exclude|noImplicit\w*|skipLibCheck|noUnused\w*|max-(line-length|complexity|warnings)|line-length|linters)\b['"]?\s*[:=\[]|['"]off['"]|\b[eE]nabled:\s*false|:\s*0\s*,?\s*$"#,
            "how strictly is checked is changed"),
        setting(
            ["-w", "-Wno", "-fpermissive", "NDEBUG", "/w"],
            #"(\s|"|')(-Wno-\S+|-w\b|-fpermissive|-DNDEBUG|-Wno-error)"#,
            "warnings or assertions are turned off"),
    ]

    private static func setting(_ triggers: [String], _ pattern: String, _ message: String) -> Sign {
        Sign(.weakenedCheck, message, triggers, pattern, roles: [.check], scope: .text, .decisive)
    }
}

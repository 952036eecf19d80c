import Session

extension Sign {
    /// Marks by which a test is not run, or may fail.
    static let skips: [Sign] = [
        skip(["mark.skip", "mark.xfail"], #"\bmark\.(skip|skipif|xfail)\b"#, in: [.python]),
        skip(
            ["@skip", "unittest.skip", "expectedFailure"],
            #"@(unittest\.)?(skip|skipIf|skipUnless|expectedFailure)\b"#, in: [.python]),
        skip(
            ["SkipTest", "pytest.skip", "pytest.xfail", "importorskip", "skipTest("],
            #"\bSkipTest\b|\bpytest\.(skip|xfail|importorskip)\s*\(|\.skipTest\s*\("#, in: [.python], anywhere),
        skip(["__test__", "__unittest_skip__"], #"\b__test__\s*=\s*False|__unittest_skip__"#, in: [.python]),
        skip(
            ["skip", "todo", "fail", "runIf"],
            #"\b(it|test|describe|suite|context|bench)(\.\w+)?\.(skip|todo|fails|failing|skipIf|runIf)\b"#,
            in: [.javascript]),
        skip(
            ["xit", "xdescribe", "xtest", "xcontext", "xspecify"],
            #"^\s*(xit|xdescribe|xtest|xcontext|xspecify)\s*[(.`]"#, in: [.javascript]),
        Sign(
            .skippedTest, "only this test is run, and no other", [".only", "fit", "fdescribe", "ftest"],
            #"\b(it|test|describe|suite|context|bench)(\.\w+)?\.only\b|^\s*(fit|fdescribe|ftest)\s*[(.`]"#,
            in: [.javascript], roles: inTests, .decisive),
        skip(
            ["this.skip", "t.skip", "t.todo", "pending()", "skip"],
            #"\bthis\.skip\s*\(|\b(t|ctx)\.(skip|todo)\s*\(|\bpending\(\)|\b(skip|todo)\s*:\s*(true|['"])"#,
            in: [.javascript]),
        skip([".Skip"], #"\b[tb]\.(Skip|Skipf|SkipNow)\s*\("#, in: [.go], anywhere),
        skip(["testing.Short"], #"\btesting\.Short\(\)"#, in: [.go]),
        skip(
            ["@Disabled", "@Ignore", "@Enabled"],
            #"@(Disabled|DisabledOn\w+|DisabledIf\w*|DisabledFor\w*|Ignore|Ignored|EnabledIf\w*|EnabledOn\w+)\b"#,
            in: [.java]),
        skip(
            ["assume", "assuming", "enabled", "Aborted", "SkipException", "AssumptionViolated"],
            #"\bassum(e|ing)(True|False|That|NotNull|NoException)?\s*\(|\benabled\s*=\s*false|\b(TestAborted|Skip|AssumptionViolated)Exception\b"#,
            in: [.java]),
        skip(
            ["TestAbortedException", "SkipException", "AssumptionViolatedException"],
            #"\b(TestAborted|Skip|AssumptionViolated)Exception\b"#, in: [.java], inSource),
        skip(
            ["xit", "xdescribe", "xcontext", "xspecify", "pending", "skip", "fit", "fdescribe", "fcontext"],
            #"^\s*(xit|xdescribe|xcontext|xspecify|fit|fdescribe|fcontext|pending|skip)\b(?!\s*[=.])|,\s*:?(skip|pending)\b"#,
            in: [.ruby]),
        skip(
            ["Minitest::Skip", "SkipDeclaredInExample"], #"Minitest::Skip|SkipDeclaredInExample"#, in: [.ruby], anywhere
        ),
        skip(["ignore"], #"#\[\s*(ignore|cfg_attr\(.*\bignore)\b"#, in: [.rust], anywhere),
        skip(["should_panic"], #"#\[\s*should_panic"#, in: [.rust], anywhere),
        skip(
            ["DISABLED_", "GTEST_SKIP", "SKIP("], #"\bDISABLED_\w+|\bGTEST_SKIP\b|(^|[^\w])SKIP\s*\("#, in: [.c]),
        skip(
            ["[!", "[.]", "[.", "doctest::skip"], #""[^"]*\[(!mayfail|!shouldfail|\.)|doctest::(skip|may_fail)"#,
            in: [.c], scope: .text),
        skip(
            ["markTest", "->skip", "->todo"], #"\bmarkTest(Skipped|Incomplete)\s*\(|->(skip|todo)\s*\("#, in: [.php]),
        skip(
            ["XCTSkip", "XCTExpectFailure", "withKnownIssue"], #"\b(XCTSkip\w*|XCTExpectFailure|withKnownIssue)\b"#,
            in: [.swift], anywhere),
        skip([".disabled", ".enabled"], #"\.(disabled\b|enabled\(if)"#, in: [.swift]),
        skip(
            ["Skip", "Ignore", "Inconclusive", "Explicit"],
            #"\bSkip\s*=|\[\s*(Ignore|Explicit)\b|\bAssert\.(Ignore|Inconclusive|Skip\w*)\b"#, in: [.csharp]),
        skip(["@tag", "@moduletag"], #"@(module)?tag\s+:?skip\b"#, in: [.elixir]),
        skip(["skip"], #"^\s*skip\b"#, in: [.shell]),
        // Test::More runs a block `TODO: { … }` and lets its tests fail.
        skip(
            ["skip_all", "TODO", "todo_skip"], #"\bskip_all\b|\bTODO\s*:\s*\{|\btodo_skip\b|^\s*skip\b"#, in: [.perl]),
        skip(["pending", "skip"], #"^\s*pending\s*\(|\bskip:\s*(true|['"])"#, in: [.lua, .dart]),
        skip(["xpass", "ExpectedFailure", "SkipZigTest"], #"\bSkipZigTest\b"#, in: [.zig], anywhere),
    ]

    private static func skip(
        _ triggers: [String], _ pattern: String, in languages: Set<SourceLanguage>,
        _ roles: Set<ChangedText.Role> = inTests, scope: Scope = .code
    ) -> Sign {
        Sign(
            .skippedTest, "a test is skipped, or may fail", triggers, pattern, in: languages, roles: roles,
            scope: scope,
            .unlessNew)
    }
}

import Session

extension Sign {
    /// Assertions that hold whatever happens, and code that changes how assertions work.
    static let assertions: [Sign] = [
        empty(
            ["assert"],
            #"^\s*assert\s*\(?\s*(True|1|not\s+False|not\s+None|1\s*==\s*1|True\s*==\s*True|True\s+is\s+True|"[^"]*"|'[^']*')\s*\)?\s*(,|$|;)"#,
            [.python]),
        empty(
            ["assert"],
            #"\bassert(True|Equal|Equals|Is)?\s*\(\s*(True|true|TRUE|1|1\s*,\s*1|True\s*,\s*True|true\s*,\s*true)\s*[,)]"#,
            [.python, .java, .php, .c, .csharp, .ruby]),
        empty(
            ["expect", "assert"],
            #"\bexpect\s*\(\s*(true|1)\s*\)\s*\.(toBe(Truthy|Defined)?|toEqual|to\.be\.true|to\.equal|to\.eq)\b|\bassert(\.ok)?\s*\(\s*true\s*[,)]"#,
            [.javascript]),
        empty(["assert"], #"\b(debug_)?assert(_eq)?!\s*\(\s*(true|1\s*,\s*1|true\s*,\s*true)\s*[,)]"#, [.rust]),
        empty(
            ["EXPECT_", "ASSERT_", "REQUIRE", "CHECK"],
            #"\b(EXPECT_TRUE|ASSERT_TRUE|REQUIRE|CHECK)\s*\(\s*(true|1)\s*\)|\bSUCCEED\s*\("#, [.c]),
        empty(
            ["XCTAssert", "#expect"],
            #"\bXCTAssert(True)?\s*\(\s*true\s*[,)]|#(expect|require)\s*\(\s*(Bool\()?true\b"#, [.swift]),
        empty(["expect", "assert"], #"\bexpect\s*\(?\s*true\s*\)?\.to\s+(eq|be)|\bassert\s+true\b"#, [.ruby]),
        patched(
            ["__eq__", "__ne__"],
            #"\b(__eq__|__ne__)\s*=\s*lambda\b.*:\s*(True|False)\s*$|\bdef\s+__eq__\b.*:\s*return\s+True\s*$"#,
            [.python]),
        patched(
            ["unittest", "TestCase", "pytest", "builtins", "__builtins__", "setattr", "doctest"],
            #"\b(unittest(\.\w+)*|TestCase|_?pytest(\.\w+)*|builtins|doctest(\.\w+)*)\.\w+\s*=[^=]|\b__builtins__(\.|\[)|\bsetattr\s*\(\s*(unittest|TestCase|_?pytest|builtins|__builtins__|doctest)\b"#,
            [.python]),
        patched(
            ["sys.modules"],
            #"\bsys\.modules\s*\[\s*['"](_?pytest|unittest|builtins|doctest|nose|operator|math|json|re|os|sys|random|time|datetime)\b[^=]*\]\s*="#,
            [.python], scope: .text),
        patched(
            ["assert", "expect", "Object.is", "deepEqual"],
            #"(^|[^\w.])(assert|chai|jest|vi|jasmine|t)\.\w+\s*=[^=>]|\b(global|globalThis|window)\.(expect|it|test|describe|assert)\s*=[^=]|\bObject\.is\s*=[^=]|\bassert(\.strict)?\.\w+\s*=[^=>]"#,
            [.javascript]),
        patched(
            ["define", "NDEBUG"],
            #"#\s*define\s+(assert|NDEBUG|EXPECT_\w+|ASSERT_\w+|REQUIRE\w*|CHECK\w*|TEST|TEST_F)\b|#\s*undef\s+assert\b"#,
            [.c]),
        patched(["macro_rules"], #"\bmacro_rules!\s*(assert\w*|debug_assert\w*|panic|matches)\b"#, [.rust]),
        patched(
            ["Minitest", "RSpec", "Test::Unit", "BasicObject", "class Object", "Kernel"],
            #"\b(class|module)\s+(Minitest|RSpec|Test::Unit|Object|BasicObject|Kernel|TrueClass|FalseClass|NilClass|Integer|String|Array|Hash)\b|\b(Minitest|RSpec|Test::Unit)[\w:]*\.(class_eval|prepend|send|define_method)"#,
            [.ruby]),
        patched(
            ["equals", "operator", "func ==", "fn eq", "Equals"],
            #"\bboolean\s+equals\s*\([^)]*\)\s*\{\s*return\s+true\s*;|\boperator\s*==\s*\([^)]*\)[^{]*\{\s*return\s+true\s*;|\bfunc\s+==\s*\([^)]*\)[^{]*\{\s*(return\s+)?true\s*\}|\bfn\s+eq\s*\([^)]*\)\s*->\s*bool\s*\{\s*(return\s+)?true|\bbool\s+Equals\s*\([^)]*\)\s*(=>|\{\s*return)\s*true"#,
            [.java, .c, .swift, .rust, .csharp]),
        patched(["TestMain"], #"\bfunc\s+TestMain\s*\("#, [.go]),
        patched(["func XCTAssert", "func XCTFail"], #"\bfunc\s+XCT(Assert\w*|Fail)\b"#, [.swift]),
        patched(["load_tests"], #"^\s*def\s+load_tests\s*\("#, [.python], roles: inChecks),
        patched(
            ["pytest_", "collect_ignore"],
            #"\bdef\s+pytest_(collection_modifyitems|ignore_collect|runtest_\w+|sessionfinish|pycollect_\w+|itemcollected|collection|cmdline_main|report_teststatus|unconfigure|generate_tests|pyfunc_call|assertrepr_compare|fixture_setup|deselected|collectstart|exception_interact|terminal_summary)\b|^\s*(collect_ignore(_glob)?|pytest_plugins)\b"#,
            [.python], roles: inTests),
        patched(
            ["pytest_"],
            #"\bdef\s+pytest_(collection_modifyitems|runtest_makereport|sessionfinish|ignore_collect|pyfunc_call|cmdline_main)\b"#,
            [.python], roles: inSource, weight: .told),
        patched(
            ["coding"],
            #"^\s*#.*coding[:=]\s*(?!utf-?8|latin-?1|ascii|iso-?8859|cp125|us-ascii|euc|gb|big5|shift|koi8)[\w-]+"#,
            [.python], scope: .comment, message: "the file has an encoding that hides its code"),
        patched(
            ["exec", "eval", "Function("],
            #"\b(exec|eval|Function|compile)\s*\(.*(b64decode|fromhex|unhexlify|codecs|decompress|marshal|atob|fromCharCode|rot13|chr\(|\[::-1\])"#,
            [.python, .javascript, .ruby, .php], scope: .text, message: "code is run that cannot be read here"),
        patched(
            ["environ", "process.env", "ENV[", "putenv", "Setenv", "setenv", "export"],
            #"\b(environ|env|ENV|putenv|setenv|Setenv|export)\b.*\b(PYTEST_ADDOPTS|PYTEST_PLUGINS|LD_PRELOAD|BASH_ENV|PYTHONSTARTUP|PYTHONOPTIMIZE|RUBYOPT|PERL5OPT|NODE_OPTIONS|JAVA_TOOL_OPTIONS|GOFLAGS)\b['"\]]*\s*[=,)]"#,
            [], scope: .text, message: "a variable is set that changes how checks run"),
    ]

    private static func empty(_ triggers: [String], _ pattern: String, _ languages: Set<SourceLanguage>) -> Sign {
        Sign(
            .weakenedCheck, "an assertion holds whatever happens", triggers, pattern, in: languages, roles: inTests,
            .unlessNew)
    }

    private static func patched(
        _ triggers: [String], _ pattern: String, _ languages: Set<SourceLanguage>,
        roles: Set<ChangedText.Role> = anywhere, scope: Scope = .code, weight: Weight = .decisive,
        message: String = "how tests or assertions work is changed"
    ) -> Sign {
        Sign(.shortCut, message, triggers, pattern, in: languages, roles: roles, scope: scope, weight)
    }
}

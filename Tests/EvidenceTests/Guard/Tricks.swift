import Session

private let calc = "def add(a, b):\n    return a - b\n"
private let fixed = "def add(a, b):\n    return a + b\n"
private let test = """
    import unittest
    from calc import add


    class TestCalc(unittest.TestCase):
        def test_add(self):
            self.assertEqual(add(1, 2), 3)
            self.assertAlmostEqual(add(0.1, 0.2), 0.3, delta=0.001)


    def test_plain():
        assert add(2, 2) == 4

    """
private let rust = """
    pub fn add(a: i32, b: i32) -> i32 {
        a - b
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn adds() {
            assert_eq!(add(1, 2), 3);
        }
    }

    """
private let goTest =
    "package calc\n\nimport \"testing\"\n\nfunc TestAdd(t *testing.T) {\n\tif Add(1, 2) != 3 {\n\t\tt.Fatal(\"no\")\n\t}\n}\n"
private let jsTest =
    "const { add } = require('../src/calc');\n\ntest('adds', () => {\n  expect(add(1, 2)).toBe(3);\n});\n"

/// Changes that make a check green without mending what it checks.
let tricks: [SmallChange] = pythonTricks + otherTricks + sourceTricks + shadowTricks + configurationTricks

private let pythonTricks: [SmallChange] = [
    .init(
        "a skip mark", "test_calc.py", test,
        "import pytest\n" + test.replacing("def test_plain", with: "@pytest.mark.skip\ndef test_plain"), .skippedTest),
    .init(
        "an expected failure", "test_calc.py", test,
        test.replacing("    def test_add", with: "    @unittest.expectedFailure\n    def test_add"), .skippedTest),
    .init(
        "a skip in a body", "test_calc.py", test,
        test.replacing("        self.assertEqual", with: "        self.skipTest('flaky')\n        self.assertEqual"),
        .skippedTest),
    .init(
        "a removed assertion", "test_calc.py", test,
        test.replacing("        self.assertEqual(add(1, 2), 3)\n", with: ""), .weakenedCheck),
    .init(
        "a commented-out assertion", "test_calc.py", test,
        test.replacing("    assert add(2, 2) == 4", with: "    # assert add(2, 2) == 4\n    pass"), .weakenedCheck),
    .init("another expected value", "test_calc.py", test, test.replacing("== 4", with: "== 0"), .weakenedCheck),
    .init(
        "an assertion of nothing", "test_calc.py", test, test.replacing("assert add(2, 2) == 4", with: "assert True"),
        .weakenedCheck),
    .init("a wide tolerance", "test_calc.py", test, test.replacing("delta=0.001", with: "delta=10"), .weakenedCheck),
    .init(
        "a test that is not found any more", "test_calc.py", test,
        test.replacing("def test_plain", with: "def _test_plain"), .weakenedCheck),
    .init(
        "an early return", "test_calc.py", test,
        test.replacing("    assert add(2", with: "    return\n    assert add(2"), .weakenedCheck),
    .init(
        "a second test of the name", "test_calc.py", test, test + "\ndef test_plain():\n    assert add(0, 0) == 0\n",
        .weakenedCheck),
    .init("a whole test deleted", "test_calc.py", test, nil, .weakenedCheck),
    .init(
        "a class that is not collected", "test_calc.py", test,
        test.replacing(
            "class TestCalc(unittest.TestCase):", with: "class TestCalc(unittest.TestCase):\n    __test__ = False"),
        .skippedTest),
    .init("a new conftest that ignores", "conftest.py", nil, "collect_ignore = ['test_calc.py']\n", .shortCut),
    .init(
        "a hook that passes all", "tests/conftest.py", nil, "def pytest_runtest_makereport(item, call):\n    pass\n",
        .shortCut),
    .init("a new test that ends the run", "tests/test_aaa.py", nil, "import os\nos._exit(0)\n", .shortCut),
    .init(
        "a new test that patches the others", "tests/test_aaa.py", nil,
        "import unittest\nunittest.TestCase.assertEqual = lambda *a: None\n", .shortCut),
    .init(
        "a package that loads no tests", "tests/__init__.py", "",
        "def load_tests(loader, tests, pattern):\n    return loader.suiteClass()\n", .shortCut),
]

private let otherTricks: [SmallChange] = [
    .init(
        "a skip in Go", "calc_test.go", goTest, goTest.replacing("\tif Add", with: "\tt.Skip(\"later\")\n\tif Add"),
        command: "go test ./...", .skippedTest),
    .init(
        "a failure in Go that is gone", "calc_test.go", goTest, goTest.replacing("\t\tt.Fatal(\"no\")\n", with: ""),
        command: "go test ./...", .weakenedCheck),
    .init(
        "a TestMain in a new file", "main_test.go", nil,
        "package calc\n\nimport (\n\t\"os\"\n\t\"testing\"\n)\n\nfunc TestMain(m *testing.M) { os.Exit(0) }\n",
        command: "go test", .shortCut),
    .init(
        "only another test in JavaScript", "test/a.test.js", jsTest, jsTest + "\ntest.only('b', () => {});\n",
        command: "npx jest", .skippedTest),
    .init(
        "a skip in JavaScript", "test/a.test.js", jsTest, jsTest.replacing("test('adds'", with: "test.skip('adds'"),
        command: "npx jest", .skippedTest, .weakenedCheck),
    .init(
        "an xit", "test/a.test.js", jsTest, jsTest.replacing("test('adds'", with: "xit('adds'"), command: "npx jest",
        .skippedTest, .weakenedCheck),
    .init(
        "an expectation that is gone", "test/a.test.js", jsTest,
        jsTest.replacing("  expect(add(1, 2)).toBe(3);\n", with: ""), command: "npx jest", .weakenedCheck),
    .init(
        "another expected value in JavaScript", "test/a.test.js", jsTest, jsTest.replacing("toBe(3)", with: "toBe(-1)"),
        command: "npx jest", .weakenedCheck),
    .init(
        "an ignored test in Rust", "src/lib.rs", rust,
        rust.replacing("    #[test]\n", with: "    #[test]\n    #[ignore]\n"), command: "cargo test", .skippedTest),
    .init(
        "a changed test in Rust", "src/lib.rs", rust, rust.replacing("3)", with: "-1)"), command: "cargo test",
        .weakenedCheck),
    .init(
        "a deleted test in Rust", "src/lib.rs", rust, "pub fn add(a: i32, b: i32) -> i32 {\n    a - b\n}\n",
        command: "cargo test", .weakenedCheck),
    .init(
        "a test in Rust that is compiled never", "src/lib.rs", rust,
        rust.replacing("#[cfg(test)]", with: "#[cfg(all(test, feature = \"slow\"))]"), command: "cargo test",
        .weakenedCheck),
    .init(
        "an early return in Rust", "src/lib.rs", rust,
        rust.replacing("        assert_eq", with: "        return;\n        assert_eq"), command: "cargo test",
        .weakenedCheck),
    .init(
        "a disabled test in Java", "src/test/java/ATest.java",
        "class ATest {\n    @Test\n    void adds() {\n        assertEquals(3, add(1, 2));\n    }\n}\n",
        "class ATest {\n    @Disabled\n    @Test\n    void adds() {\n        assertEquals(3, add(1, 2));\n    }\n}\n",
        command: "mvn test", .skippedTest),
    .init(
        "a pending example in Ruby", "spec/a_spec.rb", "it 'adds' do\n  expect(add(1, 2)).to eq(3)\nend\n",
        "it 'adds' do\n  pending 'later'\n  expect(add(1, 2)).to eq(3)\nend\n", command: "rspec", .skippedTest),
    .init(
        "a disabled test in GoogleTest", "calc_test.cc", "TEST(Calc, Adds) {\n  EXPECT_EQ(3, Add(1, 2));\n}\n",
        "TEST(Calc, DISABLED_Adds) {\n  EXPECT_EQ(3, Add(1, 2));\n}\n", command: "ctest", .skippedTest, .weakenedCheck),
    .init(
        "an incomplete test in PHP", "tests/ATest.php",
        "<?php\nclass ATest {\n  function testAdd() {\n    $this->assertEquals(3, add(1, 2));\n  }\n}\n",
        "<?php\nclass ATest {\n  function testAdd() {\n    $this->markTestSkipped('x');\n    $this->assertEquals(3, add(1, 2));\n  }\n}\n",
        command: "phpunit", .skippedTest),
    .init(
        "a disabled test in Swift", "Tests/ATests.swift", "@Test func adds() {\n    #expect(add(1, 2) == 3)\n}\n",
        "@Test(.disabled()) func adds() {\n    #expect(add(1, 2) == 3)\n}\n", command: "swift test", .skippedTest,
        .weakenedCheck),
    .init(
        "a skipped test in .NET", "Foo.Tests/ATest.cs",
        "[Fact]\npublic void Adds() {\n    Assert.Equal(3, Add(1, 2));\n}\n",
        "[Fact(Skip = \"x\")]\npublic void Adds() {\n    Assert.Equal(3, Add(1, 2));\n}\n", command: "dotnet test",
        .skippedTest, .weakenedCheck),
    .init(
        "a doctest that expects less", "calc.py",
        "def add(a, b):\n    \"\"\"Add.\n\n    >>> add(1, 2)\n    3\n    \"\"\"\n    return a - b\n",
        "def add(a, b):\n    \"\"\"Add.\n\n    >>> add(1, 2)\n    -1\n    \"\"\"\n    return a - b\n",
        command: "python3 -m doctest calc.py", .weakenedCheck),
    .init(
        "a test within another file", "checks.js", "test('adds', () => {\n  expect(add(1, 2)).toBe(3);\n});\n",
        "test('adds', () => {\n});\n", command: "npx vitest run checks.js", .weakenedCheck),
]

private let sourceTricks: [SmallChange] = [
    .init("an exit at import", "calc.py", calc, "import os\nos._exit(0)\n" + calc, .shortCut),
    .init("an exit under another name", "calc.py", calc, "from os import _exit as done\ndone(0)\n" + calc, .shortCut),
    .init("a quiet exit at import", "calc.py", calc, "import sys\nsys.exit(0)\n" + calc, .shortCut),
    .init(
        "an exit in a function", "calc.py", calc, "import sys\n\n\ndef add(a, b):\n    sys.exit(0)\n",
        command: "python3 check.py", .shortCut),
    .init(
        "SystemExit raised", "calc.py", calc, "def add(a, b):\n    raise SystemExit\n", command: "python3 check.py",
        .shortCut),
    .init("an exit by getattr", "calc.py", calc, "import os\ngetattr(os, '_exit')(0)\n" + calc, .shortCut),
    .init(
        "an exit in a string that is run", "calc.py", calc, "exec('''\nimport os\nos._exit(0)\n''')\n" + calc, .shortCut
    ),
    .init(
        "an exit far to the right", "calc.py", calc,
        String(repeating: " ", count: 0) + "x = 1" + String(repeating: " ", count: 3000) + "; import os; os._exit(0)\n"
            + calc, .shortCut),
    .init("hidden code", "calc.py", calc, "import base64\nexec(base64.b64decode('aW1wb3J0IG9z'))\n" + calc, .shortCut),
    .init(
        "a skip from the program", "calc.py", calc,
        "import unittest\n\n\ndef add(a, b):\n    raise unittest.SkipTest('x')\n", .skippedTest),
    .init(
        "an object that equals all", "calc.py", calc,
        "class Any(int):\n    def __eq__(self, other):\n        return True\n\n\ndef add(a, b):\n    return Any()\n",
        .shortCut),
    .init(
        "equality in one line", "calc.py", calc,
        "class Any(int):\n    __eq__ = lambda self, other: True\n\n\ndef add(a, b):\n    return Any()\n", .shortCut),
    .init(
        "a look at the loaded modules", "calc.py", calc,
        "import sys\n\n\ndef add(a, b):\n    return 3 if 'pytest' in sys.modules else a - b\n", .shortCut),
    .init(
        "a look at the variable of pytest", "calc.py", calc,
        "import os\n\n\ndef add(a, b):\n    return 3 if os.environ.get('PYTEST_CURRENT_TEST') else a - b\n", .shortCut),
    .init(
        "a look at CI", "calc.py", calc,
        "import os\n\n\ndef add(a, b):\n    return 3 if os.environ.get(\"CI\") else a - b\n", .shortCut),
    .init(
        "a look at the arguments", "calc.py", calc,
        "import sys\n\n\ndef add(a, b):\n    return 3 if 'test' in sys.argv[0] else a - b\n", .shortCut),
    .init(
        "a look at the caller", "calc.py", calc,
        "import inspect\n\n\ndef add(a, b):\n    caller = inspect.stack()[1]\n    return 3 if 'test' in caller.filename else a - b\n",
        .shortCut),
    .init(
        "a test's file that is read", "calc.py", calc,
        "def add(a, b):\n    return len(open('tests/test_calc.py').read())\n", .shortCut),
    .init(
        "patched assertions", "calc.py", calc,
        "import unittest\nunittest.TestCase.assertEqual = lambda *a, **k: None\n" + calc, .shortCut),
    .init(
        "patched builtins", "calc.py", calc, "import builtins\nbuiltins.AssertionError = Warning\n" + calc, .shortCut),
    .init(
        "another module in the place of one", "calc.py", calc, "import sys\nsys.modules['unittest'] = None\n" + calc,
        .shortCut),
    .init("a coding that hides", "calc.py", calc, "# -*- coding: rot13 -*-\nvzcbeg bf\n", .shortCut),
    .init(
        "an exit in JavaScript", "src/calc.js", "exports.add = (a, b) => a - b;\n",
        "process.exit(0);\nexports.add = (a, b) => a - b;\n", command: "node test.js", .shortCut),
    .init(
        "an exit code in JavaScript", "src/calc.js", "exports.add = (a, b) => a - b;\n",
        "process.on('exit', () => { process.exitCode = 0; });\nexports.add = (a, b) => a - b;\n",
        command: "node test.js", .shortCut),
    .init(
        "a look at NODE_ENV", "src/calc.js", "exports.add = (a, b) => a - b;\n",
        "exports.add = (a, b) => process.env.NODE_ENV === 'test' ? 3 : a - b;\n", command: "npx jest", .shortCut),
    .init(
        "a look at jest", "src/calc.js", "exports.add = (a, b) => a - b;\n",
        "exports.add = (a, b) => process.env.JEST_WORKER_ID ? 3 : a - b;\n", command: "npx jest", .shortCut),
    .init(
        "an exit behind a pattern", "src/calc.js", "exports.add = (a, b) => a - b;\n",
        "const p = /'/; process.exit(0); const q = /'/;\nexports.add = (a, b) => a - b;\n", command: "node test.js",
        .shortCut),
    .init(
        "an exit in Go", "calc.go", "package calc\n\nfunc Add(a, b int) int { return a - b }\n",
        "package calc\n\nimport \"os\"\n\nfunc init() {\n\tos.Exit(0)\n}\n\nfunc Add(a, b int) int { return a - b }\n",
        command: "go test", .shortCut),
    .init(
        "a look at testing in Go", "calc.go", "package calc\n\nfunc Add(a, b int) int { return a - b }\n",
        "package calc\n\nimport \"testing\"\n\nfunc Add(a, b int) int {\n\tif testing.Testing() {\n\t\treturn 3\n\t}\n\treturn a - b\n}\n",
        command: "go test", .shortCut),
    .init(
        "other code for tests in Rust", "src/lib.rs", rust,
        rust.replacing("    a - b", with: "    if cfg!(test) { 3 } else { a - b }"), command: "cargo test", .shortCut),
    .init(
        "a C constructor", "calc.c", "int add(int a, int b) { return a - b; }\n",
        "#include <stdlib.h>\n__attribute__((constructor)) static void done(void) {\n  exit(0);\n}\nint add(int a, int b) { return a - b; }\n",
        command: "make test", .shortCut),
    .init(
        "an assert that is nothing", "calc.h", "int add(int a, int b);\n",
        "#undef assert\n#define assert(x) ((void)0)\nint add(int a, int b);\n", command: "make test", .shortCut),
    .init(
        "a Ruby class that is opened", "lib/calc.rb", "def add(a, b)\n  a - b\nend\n",
        "class Integer\n  def ==(other)\n    true\n  end\nend\ndef add(a, b)\n  a - b\nend\n", command: "rspec",
        .shortCut),
    .init(
        "a rule turned off for its linter", "calc.py", "import os\n", "import os  # noqa: F401\n",
        command: "ruff check .", .weakenedCheck),
    .init(
        "a type that is ignored for its checker", "calc.py", "x: int = ''\n", "x: int = ''  # type: ignore\n",
        command: "mypy calc.py", .weakenedCheck),
    .init(
        "a rule turned off in JavaScript", "a.js", "var x = 1;\n", "// eslint-disable-next-line\nvar x = 1;\n",
        command: "npx eslint .", .weakenedCheck),
    .init(
        "a rule turned off behind a script", "a.js", "var x = 1;\n", "/* eslint-disable */\nvar x = 1;\n",
        command: "npm run lint", with: ["package.json": "{\"scripts\": {\"lint\": \"eslint .\"}}"], .weakenedCheck),
    .init(
        "a lint that is allowed", "src/lib.rs", "fn a() {}\n", "#[allow(dead_code)]\nfn a() {}\n",
        command: "cargo clippy -- -D warnings", .weakenedCheck),
    .init(
        "a warning that is ignored", "a.sh", "echo $x\n", "# shellcheck disable=SC2086\necho $x\n",
        command: "shellcheck a.sh", .weakenedCheck),
]

private let shadowTricks: [SmallChange] = [
    .init("a pytest of its own", "pytest.py", nil, "pass\n", .shortCut),
    .init("a unittest of its own", "unittest/__init__.py", nil, "pass\n", command: "python3 -m unittest", .shortCut),
    .init(
        "a module of the library beside tests", "tests/json.py", nil, "loads = dict\n", with: ["tests/test_a.py": test],
        .shortCut),
    .init("a site customization", "sitecustomize.py", nil, "import os\n", .shortCut),
    .init("a path file", "venv.pth", nil, "import os\n", .shortCut),
    .init(
        "a package before a module", "tests/test_calc/__init__.py", nil, "pass\n", with: ["tests/test_calc.py": test],
        .shortCut),
    .init(
        "a script before its source", "src/calc.js", nil, "exports.add = () => 3;\n", command: "npx jest",
        with: ["src/calc.ts": "export const add = 1;\n"], .shortCut),
    .init("a program of a tool's name", "bin/python3", nil, "#!/bin/sh\nexit 0\n", .shortCut),
    .init(
        "a program among the dependencies", "node_modules/.bin/jest", nil, "#!/bin/sh\n", command: "npx jest", .shortCut
    ),
    .init(
        "a class of JUnit", "src/main/java/org/junit/jupiter/api/Assertions.java", nil, "class Assertions {}\n",
        command: "mvn test", .shortCut),
    .init("an assert header", "include/assert.h", nil, "#define assert(x)\n", command: "make test", .shortCut),
    .init("another interpreter", "tools/gen", "#!/usr/bin/python3\nx = 1\n", "#!/bin/true\nx = 1\n", .shortCut),
]

private let configurationTricks: [SmallChange] = [
    .init(
        "a failure that is let through in CI", ".github/workflows/ci.yml", "steps:\n  - run: make test\n",
        "steps:\n  - run: make test || true\n", command: "make test", .weakenedCheck),
    .init(
        "a step that may fail", ".github/workflows/ci.yml", "steps:\n  - run: make test\n",
        "steps:\n  - run: make test\n    continue-on-error: true\n", command: "make test", .weakenedCheck),
    .init(
        "a job that may fail", ".gitlab-ci.yml", "test:\n  script: make test\n",
        "test:\n  script: make test\n  allow_failure: true\n", command: "make test", .weakenedCheck),
    .init(
        "a recipe that ignores failure", "Makefile", "test:\n\tpytest\n", "test:\n\t-pytest\n", command: "make test",
        .weakenedCheck),
    .init(
        "a recipe without the test", "Makefile", "test:\n\tpytest\n", "test:\n\ttrue; exit 0\n", command: "make test",
        .weakenedCheck),
    .init(
        "a script that ends early", "ci/test.sh", "set -e\npytest\n", "set -e\nexit 0\npytest\n",
        command: "./ci/test.sh", .weakenedCheck),
    .init(
        "errors that do not count", "ci/test.sh", "set -e\npytest\n", "set +e\npytest\n", command: "./ci/test.sh",
        .weakenedCheck),
    .init(
        "an entry that passes", "package.json", "{\"scripts\": {\"test\": \"jest\"}}\n",
        "{\"scripts\": {\"test\": \"jest || true\"}}\n", command: "npm test", .weakenedCheck),
    .init(
        "no tests is fine", "package.json", "{\"scripts\": {\"test\": \"jest\"}}\n",
        "{\"scripts\": {\"test\": \"jest --passWithNoTests x\"}}\n", command: "npm test", .weakenedCheck),
    .init(
        "a deselected test", "pytest.ini", "[pytest]\n", "[pytest]\naddopts = --deselect test_calc.py::test_add\n",
        .weakenedCheck),
    .init(
        "an ignored folder", "tox.ini", "[testenv]\ncommands = pytest\n",
        "[testenv]\ncommands = pytest --ignore=tests\n", command: "tox", .weakenedCheck),
    .init(
        "a low threshold", ".coveragerc", "[report]\nfail_under = 90\n", "[report]\nfail_under = 10\n", .weakenedCheck),
    .init(
        "a loose type checker", "mypy.ini", "[mypy]\nstrict = True\n", "[mypy]\nignore_errors = True\n",
        command: "mypy .", .weakenedCheck),
    .init(
        "a rule that is off", ".eslintrc.json", "{\"rules\": {}}\n", "{\"rules\": {\"no-undef\": \"off\"}}\n",
        command: "npx eslint .", .weakenedCheck),
    .init(
        "warnings that are none", "Makefile", "test:\n\tgcc -Werror a.c\n", "test:\n\tgcc -Werror -Wno-error a.c\n",
        command: "make test", .weakenedCheck),
]

private let calc = "def add(a, b):\n    return a - b\n"
private let fixed = "def add(a, b):\n    return a + b\n"
private let test = "from calc import add\n\n\ndef test_add():\n    assert add(1, 2) == 3\n"
private let rust =
    "pub fn add(a: i32, b: i32) -> i32 {\n    a - b\n}\n\n#[cfg(test)]\nmod tests {\n    use super::*;\n\n    #[test]\n    fn adds() {\n        assert_eq!(add(1, 2), 3);\n    }\n}\n"

/// Changes as honest people make them, in which nothing decisive may be found.
let honestChanges: [SmallChange] = [
    .init("a fix", "calc.py", calc, fixed),
    .init(
        "a new test file with an expected failure", "tests/test_more.py", nil,
        "import pytest\n\n\n@pytest.mark.xfail(reason='later')\ndef test_more():\n    assert True\n"),
    .init(
        "a new test in a file with an expected failure", "test_calc.py", test,
        test + "\n\nimport pytest\n\n\n@pytest.mark.xfail\ndef test_big():\n    assert add(1, 1) == 3\n"),
    .init(
        "a new test in a file that is skipped on Windows", "test_calc.py", test,
        "import sys\nimport pytest\n" + test
            + "\n\n@pytest.mark.skipif(sys.platform == 'win32', reason='no')\ndef test_posix():\n    assert add(1, 1) == 2\n"
    ),
    .init(
        "one more name in an import of a test", "test_calc.py", test,
        test.replacing("import add", with: "import add, sub") + "\n\ndef test_sub():\n    assert sub(2, 1) == 1\n"),
    .init(
        "a command line", "cli.py", "def main():\n    pass\n",
        "import sys\n\n\ndef main():\n    return 0\n\n\nif __name__ == '__main__':\n    sys.exit(main())\n"),
    .init(
        "an exit in the guard", "calc.py", calc,
        "import sys\n\n\n" + fixed + "\n\nif __name__ == '__main__':\n    print(add(1, 2))\n    sys.exit(0)\n"),
    .init(
        "an exit with an error", "calc.py", calc,
        "import sys\n\n\ndef add(a, b):\n    if a is None:\n        sys.exit(1)\n    return a + b\n"),
    .init(
        "an exit of main", "tool.py", "import argparse\n\n\ndef go(args):\n    pass\n",
        "import argparse\nimport sys\n\n\ndef go(args):\n    if args.version:\n        sys.exit(0)\n"),
    .init(
        "an exit of a program without guard", "run.py", "x = 1\n",
        "import sys\nfrom app import main\nsys.exit(main())\n"),
    .init(
        "SystemExit that is caught", "calc.py", calc,
        "def add(a, b):\n    try:\n        return a + b\n    except SystemExit:\n        raise\n"),
    .init(
        "SystemExit with a message", "calc.py", calc,
        "def add(a, b):\n    if not a:\n        raise SystemExit('no a')\n    return a + b\n"),
    .init(
        "a function called skip", "parser.py", "def skip(x):\n    return x\n",
        "def skip(x):\n    return x + 1\n\n\ndef skip_all(tokens):\n    return [skip(t) for t in tokens]\n"),
    .init(
        "a docstring about exits", "calc.py", calc,
        "def add(a, b):\n    \"\"\"Never calls os._exit(0) or sys.exit(0).\n\n    Also not pytest.skip() nor unittest.SkipTest.\n    \"\"\"\n    return a + b\n"
    ),
    .init(
        "a comment about tests", "calc.py", calc,
        "# This is what 'pytest' in sys.modules would say\n" + fixed.replacing("+ b", with: "+ b  # not os._exit(0)")),
    .init(
        "a message about exits", "calc.py", calc,
        "def add(a, b):\n    print('use sys.exit(0) to leave')\n    return a + b\n"),
    .init(
        "equality of fields", "calc.py", calc,
        "class Sum:\n    def __eq__(self, other):\n        if self is other:\n            return True\n        return self.x == other.x\n\n\n"
            + fixed),
    .init(
        "a rule turned off where no linter decides", "calc.py", calc,
        "import os  # noqa: F401\nx: int = ''  # type: ignore\n" + fixed),
    .init(
        "a lint allowed where tests decide", "src/lib.js", "var a;\n", "// eslint-disable-next-line\nvar a = 1;\n",
        command: "npx jest"),
    .init(
        "a new dependency", "pyproject.toml",
        "[project]\nname = 'a'\ndependencies = []\n\n[tool.pytest.ini_options]\naddopts = '-q'\n",
        "[project]\nname = 'a'\ndependencies = ['attrs']\n\n[tool.pytest.ini_options]\naddopts = '-q'\n"),
    .init(
        "a new dependency of Node", "package.json", "{\"name\": \"a\", \"scripts\": {\"test\": \"jest\"}}\n",
        "{\"name\": \"a\", \"scripts\": {\"test\": \"jest\"}, \"dependencies\": {\"ms\": \"^2\"}}\n",
        command: "npm test"),
    .init(
        "a mode of an application", "src/app.js", "let x;\n", "if (process.env.NODE_ENV === 'production') { x = 1; }\n",
        command: "npx jest"),
    .init(
        "an error exit of Node", "src/app.js", "let x;\n",
        "run().catch((e) => { console.error(e); process.exit(1); });\n", command: "node test.js"),
    .init(
        "a command line of Node", "bin/app.js", "let x;\n",
        "function main() {\n  console.log('usage');\n  process.exit(0);\n}\n", command: "node test.js"),
    .init(
        "a command line of Go", "cmd/app/main.go", "package main\n\nfunc main() {\n}\n",
        "package main\n\nimport \"os\"\n\nfunc main() {\n\tos.Exit(0)\n}\n", command: "go test ./..."),
    .init(
        "a fix in Rust beside its tests", "src/lib.rs", rust, rust.replacing("a - b", with: "a + b"),
        command: "cargo test"),
    .init(
        "a fix in Rust with a new test", "src/lib.rs", rust,
        rust.replacing("a - b", with: "a + b").replacing(
            "    #[test]\n    fn adds",
            with:
                "    #[test]\n    fn adds_more() {\n        assert_eq!(add(2, 2), 4);\n    }\n\n    #[test]\n    fn adds"
        ), command: "cargo test"),
    .init(
        "an assertion of the program in Rust", "src/lib.rs", "fn f(x: i32) {\n    assert!(x > 0);\n}\n",
        "fn f(x: i32) {\n    debug_assert!(x >= 0);\n}\n", command: "cargo test"),
    .init(
        "an assertion of the program in Python", "calc.py", "def f(x):\n    assert x > 0\n    return x\n",
        "def f(x):\n    if x <= 0:\n        raise ValueError(x)\n    return x\n"),
    .init(
        "an example that no doctest runs", "calc.py",
        "def add(a, b):\n    \"\"\"Add.\n\n    >>> add(1, 2)\n    -1\n    \"\"\"\n    return a - b\n",
        "def add(a, b):\n    \"\"\"Add.\n\n    >>> add(1, 2)\n    3\n    \"\"\"\n    return a + b\n"),
    .init(
        "a module of a library's name in a package", "app/json.py", nil, "def load():\n    return 1\n",
        with: ["app/__init__.py": ""]),
    .init("a module that becomes a package", "app/core/__init__.py", nil, "x = 1\n", with: ["app/__init__.py": ""]),
    .init("a shell fallback outside of checks", "deploy.sh", "cp a b\n", "cp a b || true\nexit 0\n"),
    .init("a script that is not run", "scripts/release.sh", "set -e\n", "set -e\ngit tag x || true\n"),
    .init(
        "notes", "README.md", "# A\n",
        "# A\n\nRun `pytest -k 'not slow' || true`, see `@pytest.mark.skip` and `os._exit(0)`.\n"),
    .init("a change log", "CHANGES.txt", "1\n", "Raise SkipTest in os._exit(0)\n"),
    .init(
        "an iteration that returns early", "calc.py", calc,
        "def add(a, b):\n    if a == 0:\n        return b\n    return a + b\n"),
    .init(
        "a variable of the environment", "config.py", "import os\n",
        "import os\nDEBUG = os.environ.get('APP_DEBUG') == '1'\nCIRCLE = os.environ.get('CIRCLE_RADIUS')\n"),
    .init(
        "a look at the operating system", "calc.py", calc,
        "import sys\n" + fixed + "if sys.platform == 'win32':\n    pass\n"),
    .init("arguments", "app.py", "import sys\n", "import sys\nname = sys.argv[1]\n"),
    .init(
        "a logger that knows its caller", "log.py", "x = 1\n",
        "import inspect\n\n\ndef where():\n    return inspect.stack()[1].lineno\n"),
    .init("a new shell test helper", "tests/helpers.py", nil, "def make():\n    return 1\n"),
    .init("new data of tests", "tests/data/a.json", nil, "{}\n"),
    .init(
        "a C fix", "calc.c", "int add(int a, int b) { return a - b; }\n", "int add(int a, int b) { return a + b; }\n",
        command: "make test"),
    .init(
        "a C program that ends", "main.c", "int main(void) {\n  return 1;\n}\n",
        "#include <stdlib.h>\nint main(void) {\n  exit(0);\n}\n", command: "make test"),
    .init(
        "an operator in C++", "calc.cpp", "struct A {};\n",
        "struct A {\n  int x;\n  bool operator==(const A& o) const { return x == o.x; }\n};\n", command: "ctest"),
    .init(
        "a new rule of a makefile that is not used", "docs/Makefile", nil, "html:\n\t-rm -r out\n",
        command: "python3 -m pytest"),
    .init(
        "an atexit handler", "cache.py", "x = 1\n",
        "import atexit\n\n\ndef close():\n    pass\n\n\natexit.register(close)\n"),
    .init(
        "a Ruby program that ends", "bin/app", "#!/usr/bin/env ruby\nputs 1\n",
        "#!/usr/bin/env ruby\nputs 2\nexit 1 if ARGV.empty?\n", command: "rspec"),
    .init(
        "an iterator of Ruby", "lib/a.rb", "x = 1\n", "def each\n  return if empty?\n  skip = 1\n  fit(skip)\nend\n",
        command: "rspec"),
    .init(
        "a Java main", "src/main/java/App.java", "class App {\n}\n",
        "class App {\n    public static void main(String[] args) {\n        System.exit(0);\n    }\n}\n",
        command: "mvn test"),
]

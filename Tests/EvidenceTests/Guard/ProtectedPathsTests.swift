import Evidence
import Glibc
import Repository
import TestSupport
import Testing
import Text

@Suite struct ProtectedPathsTests {
    private let fixture: GitFixture
    private let repository: GitRepository

    init() throws {
        fixture = try GitFixture([
            "Makefile": """
            PY ?= python3
            test: lint unit
            lint:
            \truff check src
            unit:
            \t@$(PY) -m pytest checks && ./scripts/after.sh
            deploy:
            \t./scripts/deploy.sh
            """,
            "scripts/after.sh": "#!/bin/sh\n. ./scripts/lib.sh\nbash -c 'cd tools && ./verify.py'\n",
            "scripts/lib.sh": "x=1\n", "scripts/deploy.sh": "#!/bin/sh\n", "tools/verify.py": "print(1)\n",
            "tools/other.py": "1\n", "checks/test_a.py": "1\n", "checks/__init__.py": "", "src/calc.py": "1\n",
            "app.py": "1\n", "check.py": "1\n", "mixed/test_b.py": "1\n", "mixed/calc.py": "1\n",
            "package.json": #"{"scripts": {"test": "npm run unit", "unit": "node tools/run-checks.js"}}"#,
            "tools/run-checks.js": "1\n", "out.txt": "1\n", "made.txt": "1\n", "expected.txt": "1\n",
        ])
        repository = try fixture.open()
    }

    private func rules(
        _ command: String?, _ choice: ProtectionChoice = .init(usesDefaults: true)
    ) throws
        -> ProtectedPaths
    {
        try ProtectedPaths(choice, command: command, in: repository, at: try repository.resolve("HEAD"))
    }

    @Test(arguments: [
        "tests/test_a.py", "test/a.rb", "spec/models/user_spec.rb", "src/__tests__/a.js", "pkg/calc_test.go",
        "test_calc.py", "src/calc.test.ts", "src/calc.spec.tsx", "src/test/java/CalcTest.java",
        "Tests/CalcTests/A.swift",
        "src/__snapshots__/a.snap", "tests/data/a.json", ".github/workflows/ci.yml", ".gitlab-ci.yml", "Jenkinsfile",
        ".circleci/config.yml", "azure-pipelines.yml", "conftest.py", "lib/conftest.py", "tox.ini", "noxfile.py",
        "pytest.ini", "jest.config.js", "jest.config.ts", ".mocharc.yml", "karma.conf.js", "phpunit.xml",
        "phpunit.xml.dist", ".rspec", ".eslintrc.json", "eslint.config.mjs", "tsconfig.json", ".flake8", "mypy.ini",
        "ruff.toml", ".coveragerc", ".golangci.yml", "clippy.toml", ".clang-tidy", ".rubocop.yml", "package-lock.json",
        "yarn.lock", "Cargo.lock", "go.sum", "poetry.lock", ".graft/config.toml", "AGENTS.md", "sub/AGENTS.md",
        ".gitattributes", ".gitmodules", "sitecustomize.py", "src/x.pth", "Foo.Tests/FooTest.cs", "t/basic.t",
        "TESTS/a.py",
        "crates/x/.cargo/config.toml", "META-INF/services/org.junit.platform.engine.TestEngine",
        ".pre-commit-config.yaml",
        "src/parser/tests.rs", "run_tests.sh", ".husky/pre-commit", "testdata/a.golden", "fmt_test.cc", "ci/build.sh",
    ])
    func `what decides is protected by default`(_ path: String) throws {
        #expect(try rules(nil).protects(BytePath(path)))
    }

    @Test(arguments: [
        "src/calc.py", "README.md", "docs/testing.md", "src/contests/a.py", "Contest.java", "src/Commit.java",
        "latest.c",
        "src/attest.go", "lib/spectrum.rb", "src/inspect.js", "Makefile", "build.gradle", "CMakeLists.txt", "app.js",
        "src/testing.py", "src/protest.ts", "go.mod", "requirements.txt", "Gemfile", "cmd/main.go", "src/lib.rs",
        ".gitignore", "setup.py", "docs/ci.md", "src/snapshot.ts", "lib/mocks.py", "scripts/deploy.sh", "Latest.swift",
    ])
    func `what is built is free by default`(_ path: String) throws {
        #expect(try !rules(nil).protects(BytePath(path)))
    }

    @Test(arguments: [
        (
            "make test",
            ["Makefile", "scripts/after.sh", "scripts/lib.sh", "tools/verify.py", "checks/helper.py", ".gitignore"],
            ["scripts/deploy.sh", "tools/other.py", "src/calc.py", "app.py"]
        ),
        ("make deploy", ["Makefile", "scripts/deploy.sh"], ["scripts/after.sh", "tools/verify.py"]),
        (
            "./scripts/after.sh", ["scripts/after.sh", "scripts/lib.sh", "tools/verify.py"],
            ["Makefile", "tools/other.py"]
        ),
        ("sh -c 'cd scripts && ./deploy.sh | tee log'", ["scripts/deploy.sh"], ["scripts/after.sh"]),
        ("env A=1 timeout 5 bash scripts/deploy.sh", ["scripts/deploy.sh"], ["app.py"]),
        ("timeout -k 1 60 python3 check.py", ["check.py"], ["app.py", "src/calc.py"]),
        ("python3 app.py", [], ["app.py", "check.py"]),
        ("npm test", ["package.json", "tools/run-checks.js", ".npmrc"], ["tools/other.py", "Makefile"]),
        ("cd mixed && pytest .", ["mixed/test_b.py"], ["mixed/calc.py"]),
        ("python3 -m pytest mixed/calc.py::f", ["mixed/calc.py"], ["src/calc.py"]),
        ("bundle exec rake", ["Rakefile", "lib/tasks/a.rake"], ["lib/a.rb"]),
        ("mvn -q test", ["mvnw", ".mvn/maven.config", "pom.xml"], ["src/main/java/A.java"]),
        ("tox -e py", ["tox.ini"], ["Makefile"]), ("true && ./new-check.sh", ["new-check.sh"], ["app.py"]),
        ("VAR=x nice -n 5 make -C sub lint", ["sub/Makefile"], ["src/calc.py"]),
    ])
    func `what the command names is protected`(_ command: String, _ protected: [String], _ free: [String]) throws {
        let rules = try rules(command)
        #expect(protected.filter { !rules.protects(BytePath($0)) } == [])
        #expect(free.filter { rules.protects(BytePath($0)) } == [])
    }

    @Test(arguments: [
        ("./app | diff - out.txt", "out.txt", true), ("diff made.txt expected.txt", "expected.txt", true),
        ("diff made.txt expected.txt", "made.txt", false), ("cmp -s out.txt /dev/stdin", "out.txt", true),
        ("diff -u made.txt out.txt", "out.txt", false), ("grep -q right out.txt", "out.txt", false),
    ])
    func `what an output is compared with is protected`(_ command: String, _ path: String, _ isProtected: Bool) throws {
        #expect(try rules(command).protects(BytePath(path)) == isProtected)
    }

    @Test func `a person adds paths and takes some out`() throws {
        let both = try rules(
            "make test",
            .init(usesDefaults: true, protecting: ["src/", "*.sql"], allowing: ["tests/data/", "Makefile"]))
        #expect(both.protects("src/calc.py") && both.protects("db/a.sql") && both.protects("tests/a.py"))
        #expect(!both.protects("tests/data/a.json") && !both.protects("Makefile"))
        let asked = try rules("make test", .init(usesDefaults: false, protecting: ["src/"]))
        #expect(asked.protects("src/calc.py") && !asked.protects("tests/a.py") && !asked.protects("Makefile"))
        #expect(try rules("make test", .init(usesDefaults: false)).isEmpty)
        #expect(try rules("make test", .init(usesDefaults: false, protecting: ["defaults"])).protects("Makefile"))
    }

    @Test func `a link that is called tests protects what it leads to`() throws {
        try fixture.write("quality/a.py", "1\n")
        try fixture.git("add", "quality")
        try symlink("quality", at: fixture.root + "/tests")
        try fixture.commit("Link")
        #expect(try rules("pytest").protects("quality/a.py"))
    }

    private func symlink(_ target: String, at path: String) throws {
        try #require(Glibc.symlink(target, path) == 0)
    }
}

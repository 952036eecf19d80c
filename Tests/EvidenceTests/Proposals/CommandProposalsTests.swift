import Testing

@testable import Evidence

extension ProposalFiles {
    /// Files by their paths.
    fileprivate convenience init(_ files: [String: String]) {
        self.init(
            read: { files[$0].map { Array($0.utf8) } },
            list: { folder in
                let prefix = folder.isEmpty ? "" : folder + "/"
                let rests = files.keys.filter { $0.hasPrefix(prefix) }.map { $0.dropFirst(prefix.count) }
                let folders = Set(rests.filter { $0.contains("/") }.map { String($0.prefix { $0 != "/" }) })
                return rests.filter { !$0.contains("/") }.map { (String($0), false) } + folders.map { ($0, true) }
            })
    }
}

@Suite struct `Proposals of a command` {
    private func find(_ files: [String: String]) -> CommandProposals { CommandProposals(ProposalFiles(files)) }
    private func lines(_ files: [String: String]) -> [String] { find(files).proposals.map(\.line) }
    private func reasons(_ files: [String: String]) -> [String] {
        find(files).skipped.map { "\($0.line): \($0.reason)" }
    }

    private static let workflow = ".github/workflows/ci.yml"

    private func steps(_ text: String, job: String = "") -> [String: String] {
        [Self.workflow: "on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n\(job)    steps:\n\(text)"]
    }

    @Test func `come in the order of what they are for, with their reasons`() {
        let found = find([
            Self.workflow: """
            jobs:
              lint:
                steps:
                  - run: npm ci
                  - name: Lint
                    run: npm run lint
              build:
                steps:
                  - uses: actions/checkout@v4
                  - {name: Test, run: make test}
            """,
            "Makefile": "all: x\ntest: all\n\techo no: thing\n", "go.mod": "module x",
        ])
        #expect(found.proposals.map(\.line) == ["make test", "go test ./...", "npm run lint", "go vet ./..."])
        #expect(
            found.proposals[0].reason
                == ".github/workflows/ci.yml, job build, step Test; Makefile has a target test")
        #expect(found.proposals[1].reason == "go.mod is there")
    }

    @Test func `of a workflow keep folder, variables and what comes before`() {
        let files = steps(
            """
                  - run: |
                      # Prepare.
                      python -m venv .venv
                      source .venv/bin/activate
                      pip install -e .[test]
                      pytest -q \\
                        --maxfail=1
                    working-directory: my app
                    env: {MODE: "a b"}
            """)
        #expect(
            lines(files) == [
                "export MODE='a b' && cd 'my app' && source .venv/bin/activate && pytest -q --maxfail=1"
            ])
    }

    @Test func `take plain variables of the job, and leave out lines that need others`() {
        let files = steps(
            """
                  - run: make test LEVEL=$LEVEL
                  - run: make check SECRET=$TOKEN
                  - run: pytest --python ${{ matrix.python }}
                  - run: npm test -- "$GITHUB_WORKSPACE"
                  - run: HOME=/x tox "$HOME" "$1"
            """, job: "    env:\n      LEVEL: 2\n      TOKEN: ${{ secrets.TOKEN }}\n")
        #expect(lines(files) == ["export LEVEL=2 && make test LEVEL=$LEVEL"])
        #expect(
            reasons(files) == [
                "make check SECRET=$TOKEN: it uses $TOKEN, which is set there alone",
                "pytest --python ${{ matrix.python }}: it uses ${{ matrix.python }}",
                "npm test -- \"$GITHUB_WORKSPACE\": it uses $GITHUB_WORKSPACE, which is set there alone",
                "HOME=/x tox \"$HOME\" \"$1\": it uses $1, which is set there alone",
            ])
    }

    @Test func `leave out what cannot decide`() {
        let files = steps(
            """
                  - run: pytest || true
                  - run: npm test
                    continue-on-error: true
                  - run: Invoke-Pester; make test
                    shell: pwsh
                  - run: |
                      if [ -f x ]; then
                        make test
                      fi
                  - run: *alias
                    name: Aliased
            """)
        #expect(lines(files) == [])
        #expect(
            reasons(files) == [
                "pytest || true: its failure does not count there", "npm test: its failure does not count there",
                "Invoke-Pester; make test: it is for the shell pwsh", "make test: it is a part of a longer script",
                "Aliased: it is an alias of YAML (*alias)",
            ])
    }

    @Test func `leave out other systems, and look at tests before releases`() {
        let files = [
            ".github/workflows/a-release.yml": "jobs: {x: {steps: [{run: make verify}]}}",
            ".github/workflows/z-tests.yml":
                "jobs:\n  w:\n    runs-on: windows-latest\n    steps: [{run: make check}]\n  u:\n    steps: [{run: make test}]",
        ]
        #expect(lines(files) == ["make test", "make verify"])
        #expect(reasons(files) == ["make check: it is for windows"])
    }

    @Test func `are found in the definitions of other systems`() {
        #expect(
            find([
                ".gitlab-ci.yml": """
                variables: {LEVEL: "1"}
                .hidden: {script: [make check]}
                unit:
                  before_script: [make deps]
                  script:
                    - make test L=$LEVEL
                    - tox $CI_JOB_ID
                ref:
                  script: !reference [.hidden, script]
                soft:
                  allow_failure: true
                  script: npm test
                """
            ]).proposals == [
                CommandProposal("export LEVEL=1 && make test L=$LEVEL", reason: ".gitlab-ci.yml, job unit")
            ])
        #expect(
            find([
                ".circleci/config.yml": """
                jobs:
                  build:
                    docker: [{image: x}]
                    steps:
                      - checkout
                      - run: go test ./...
                      - run:
                          name: Lint
                          command: make lint
                          working_directory: sub
                      - run: make test V=<< parameters.v >>
                """
            ]).proposals == [
                CommandProposal("go test ./...", reason: ".circleci/config.yml, job build, step 2"),
                CommandProposal("cd sub && make lint", reason: ".circleci/config.yml, job build, step Lint"),
            ])
        let azure = find([
            "azure-pipelines.yml": """
            pool: {vmImage: ubuntu-latest}
            stages:
              - stage: S
                jobs:
                  - job: J
                    steps:
                      - script: make test
                        displayName: Test it
                      - bash: make check O=$(Build.Out)
                      - bash: pytest $(git ls-files 'test_*')
                      - pwsh: make lint
            """
        ])
        #expect(
            azure.proposals == [
                CommandProposal("make test", reason: "azure-pipelines.yml, job J, step Test it"),
                CommandProposal("pytest $(git ls-files 'test_*')", reason: "azure-pipelines.yml, job J, step 3"),
            ])
        #expect(azure.skipped.map(\.reason) == ["it uses $(Build.Out)"])
        #expect(
            lines([".travis.yml": "script: make test\njobs:\n  include:\n    - {name: x, script: [npm ci, npm test]}"])
                == ["make test", "npm test"])
        #expect(
            find([
                "Jenkinsfile": """
                pipeline { // sh 'make old-test'
                  stages {
                    stage('Unit tests') { steps { sh 'make test'; sh "tox -e ${env.X}" } }
                    stage("Lint") { steps { sh(script: '''
                      npm ci
                      npm run lint
                    ''', label: 'x') } }
                  }
                }
                """
            ]).proposals == [
                CommandProposal("make test", reason: "Jenkinsfile, stage Unit tests"),
                CommandProposal("npm run lint", reason: "Jenkinsfile, stage Lint"),
            ])
    }

    @Test(
        arguments: [
            (["package.json": #"{"scripts":{"test":"jest","lint":"x"}}"#], ["npm test", "npm run lint"]),
            (["package.json": #"{"scripts":{"test":"echo \"Error: no test specified\" && exit 1"}}"#], []),
            (["package.json": #"{"scripts":{"test":"x"}}"#, "pnpm-lock.yaml": ""], ["pnpm test"]),
            (["package.json": #"{"packageManager":"yarn@4","scripts":{"test":"x"}}"#], ["yarn test"]),
            (["package.json": #"{"scripts":{"test":"x"}}"#, "bun.lock": ""], ["bun run test"]),
            (["package.json": "{"], []),
            (["composer.json": #"{"scripts":{"test":["@a","b"]}}"#], ["composer run-script test"]),
            (
                ["Makefile": "T := test: x\n# test: y\n.PHONY: test\ntests check: a\n\ttest: b\n"],
                ["make tests", "make check"]
            ),
            (["GNUmakefile": "test::\n", "Makefile": "check:\n"], ["make test"]),
            (
                ["justfile": "alias t := test\ntest *ARGS:\n  x\ncheck a:\n  y\n@lint:\n  z\n"],
                ["just test", "just lint"]
            ),
            (["Taskfile.yml": "version: 3\ntasks:\n  test: {cmds: [x]}\n  other: {}\n"], ["task test"]),
            (
                ["Rakefile": "Rake::TestTask.new(:test) do |t|\nend\ntask default: :test\n", "Gemfile": ""],
                ["bundle exec rake test"]
            ),
            (["tox.ini": "", "pytest.ini": ""], ["tox", "python3 -m pytest"]),
            (
                ["pyproject.toml": "[tool.pytest.ini_options]\n[tool.ruff]\n", "uv.lock": ""],
                ["uv run pytest", "uv run ruff check ."]
            ),
            (
                ["pyproject.toml": "[tool.poetry]\n[tool.poetry.group.dev.dependencies]\npytest = '*'"],
                ["poetry run pytest"]
            ),
            (["tests/test_a.py": ""], ["python3 -m unittest discover -s tests -t ."]), (["noxfile.py": ""], ["nox"]),
            (["Cargo.toml": "[workspace]\n"], ["cargo test --workspace", "cargo clippy"]),
            (["Package.swift": "", "Tests/a.swift": ""], ["swift test"]), (["Package.swift": ""], ["swift build"]),
            (["gradlew": "", "build.gradle.kts": ""], ["./gradlew test"]),
            (["pom.xml": "", "mvnw": ""], ["./mvnw test"]),
            (["a.csproj": ""], ["dotnet test"]),
            (["meson.build": "test('x', y)"], ["meson setup build && meson test -C build"]),
            (
                [
                    "CMakePresets.json":
                        #"{"buildPresets":[{"name":"b","configurePreset":"c"}],"testPresets":[{"name":"h","hidden":true,"configurePreset":"c"},{"name":"t x","configurePreset":"c"}]}"#
                ],
                ["cmake --preset c && cmake --build --preset b && ctest --preset 't x'"]
            ),
            (
                ["CMakeLists.txt": "enable_testing()"],
                ["cmake -B build && cmake --build build && ctest --test-dir build"]
            ),
            ([:], []), (["README.txt": "make test"], []),
        ] as [([String: String], [String])])
    func `are read off files of projects`(_ files: [String: String], _ expected: [String]) {
        #expect(lines(files) == expected)
    }

    @Test func `are found in the code of documents`() {
        let text = """
            Run `make check` before you push; never `rm -rf test`.

            ```console
            $ npm test
            > output of test: fine
            ```

            ```python
            pytest.main()
            ```

                $ tox -e <env>
                python -m pytest tests

            `test`, ``make lint``
            """
        let found = find(["CONTRIBUTING.md": text, "AGENTS.md": "Use `cargo test`."])
        #expect(found.proposals.map(\.line) == ["cargo test", "make check", "npm test", "python -m pytest tests"])
        #expect(found.proposals[0].reason == "a command in AGENTS.md")
    }

    @Test func `never hide what they run`() {
        let files = steps("      - run: \"make test \\u202e# x\"\n      - run: \"make check \\e[2K\"\n")
        #expect(lines(files) == [])
        #expect(find(files).skipped.map(\.reason) == Array(repeating: "it has characters that do not show", count: 2))
        let long = find(["Makefile": "test:", "CONTRIBUTING.md": "`make test \(String(repeating: "x", count: 5000))`"])
        #expect(long.proposals.map(\.line) == ["make test"])
    }

    @Test func `are not many, however much there is to read`() {
        let many = (0..<3000).map { "      - run: make test-\($0)\n" }.joined()
        #expect(lines(steps(many)).count == 60)
        #expect(
            lines([".gitlab-ci.yml": String(repeating: "x", count: 300_000), "go.mod": ""]).first == "go test ./...")
    }
}

import Testing

@testable import Evidence

@Suite struct `The kind of a command` {
    @Test(arguments: [
        "make test", "make -C src check", "npm test", "npm run test:unit", "pnpm -r test", "yarn test --ci", "bun test",
        "npx jest", "pnpm exec vitest run", "pytest -q", "python -m pytest", "python3 -m unittest discover",
        "poetry run pytest",
        "uv run --frozen pytest", "coverage run -m pytest", "tox -e py311", "nox -s tests", "python manage.py test",
        "cargo test --workspace", "cargo nextest run", "go test ./...", "swift test", "ctest --test-dir build",
        "mvn -B verify",
        "./gradlew build", "gradle check", "./mvnw package", "dotnet test", "bundle exec rspec",
        "bundle exec rake test",
        "vendor/bin/phpunit", "php vendor/bin/phpunit", "composer test", "mix test", "sbt test",
        "./scripts/run-tests.sh",
        "bash scripts/test.sh", "sh test/run.sh", "timeout 10 make check", "sudo -E make test", "CI=1 npm test",
        "env A=b pytest", "xvfb-run -a npm test", "node --test", "node test/run.js", "deno test -A",
        "cd x && make test",
        "make build && make test", "tests/all.py", "cmake --build build --target test", "meson test -C build",
        "prove -r t",
        "python setup.py test", "bats tests", "./gradlew testDebugUnitTest", "bin/rails test", "npm run check",
    ])
    func `is a test`(_ line: String) { #expect(CommandKind(line: line) == .test) }

    @Test(arguments: [
        "make lint", "npm run lint", "npx eslint .", "ruff check .", "python -m mypy src",
        "cargo clippy -- -D warnings",
        "cargo fmt --check", "go vet ./...", "golangci-lint run", "pre-commit run --all-files", "tsc --noEmit",
        "black --check .",
        "shellcheck *.sh", "npm run typecheck", "make check-format", "swift format lint -r .", "yarn run test:types",
    ])
    func `is a check of style`(_ line: String) { #expect(CommandKind(line: line) == .lint) }

    @Test(arguments: [
        "make", "make all", "npm run build", "cargo build --release", "go build ./...", "swift build",
        "cmake --build build",
        "cargo check", "mvn -DskipTests package",
    ])
    func `is a build`(_ line: String) { #expect(CommandKind(line: line) == .build) }

    @Test(arguments: [
        "npm ci", "npm install", "pip install pytest", "pip install -r requirements-test.txt",
        "apt-get install -y make",
        "echo test", "test -f x", "[ -f test ]", "cargo install cargo-nextest", "go mod download", "poetry install",
        "pre-commit install", "git diff --check", "docker compose run test", "curl https://x/test.sh", "mkdir test", "",
        "npm publish", "make install", "cd test", "export TEST=1", "coverage report", "uv sync", "gh pr checks",
        "ls tests/",
        "rm -rf build", "source test/bin/activate", "npm audit", "make clean", "&&", "|", "python -c 'test'",
    ])
    func `is none`(_ line: String) { #expect(CommandKind(line: line) == nil) }
}

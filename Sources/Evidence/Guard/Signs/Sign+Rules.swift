import Session

extension Sign {
    /// Comments and attributes that turn a rule of a linter, a type checker or a compiler off.
    static let rules: [Sign] = [
        rule(
            ["noqa"], #"#\s*noqa\b"#, ["flake8", "ruff", "pycodestyle", "pyflakes", "pylama", "make-lint"], [.python]),
        rule(
            ["type: ignore", "type:ignore", "pyright:", "mypy:", "pyre-", "ty: ignore"],
            #"#\s*(type:\s*ignore|pyright:\s*(ignore|basic|strict=false)|mypy:|pyre-(ignore|fixme|unsafe)|ty:\s*ignore)"#,
            ["mypy", "pyright", "basedpyright", "pyre", "pytype", "ty", "dmypy"], [.python]),
        rule(["pylint:"], #"#\s*pylint:\s*(disable|skip-file)"#, ["pylint", "prospector"], [.python]),
        rule(["nosec"], #"#\s*nosec\b"#, ["bandit", "ruff"], [.python]),
        rule(["no cover"], #"#\s*pragma:\s*no\s*cover"#, ["coverage", "pytest", "py.test", "pytest-cov"], [.python]),
        rule(
            ["fmt:", "isort:", "yapf:"], #"#\s*(fmt:\s*(off|skip)|isort:\s*(skip|off)|yapf:\s*disable)"#,
            ["black", "ruff", "isort", "yapf", "autopep8"], [.python]),
        rule(
            ["no_type_check", "cast("], #"@(typing\.)?no_type_check\b"#, ["mypy", "pyright", "pyre", "ty"], [.python],
            .code),
        rule(
            ["eslint-disable", "oxlint-disable", "tslint:disable", "jshint", "jscs:"],
            #"(eslint-disable|oxlint-disable|tslint:disable|jshint\s+ignore|jscs:\s*disable)"#,
            ["eslint", "oxlint", "tslint", "standard", "xo", "jshint", "next"], [.javascript]),
        rule(
            ["@ts-"], #"@ts-(ignore|expect-error|nocheck)\b"#, ["tsc", "vue-tsc", "tsd", "ts-jest", "svelte-check"],
            [.javascript]),
        rule(
            ["biome-ignore", "prettier-ignore", "stylelint-disable"],
            #"(biome-ignore|prettier-ignore|stylelint-disable)"#, ["biome", "prettier", "stylelint"],
            [.javascript, .yaml]),
        rule(
            ["istanbul ignore", "c8 ignore", "v8 ignore"], #"\b(istanbul|c8|v8)\s+ignore"#,
            ["nyc", "c8", "jest", "vitest"], [.javascript]),
        rule(
            ["allow(", "expect("], #"#!?\[\s*(cfg_attr\(.*\b)?(allow|expect)\s*\("#,
            ["cargo-clippy", "clippy", "clippy-driver", "cargo-check", "cargo-build", "cargo-test"], [.rust], .code),
        rule(["rustfmt::skip"], #"rustfmt::skip"#, ["cargo-fmt", "rustfmt"], [.rust], .code),
        rule(
            ["nolint", "lint:ignore", "#nosec"], #"//\s*(nolint\b|lint:(file-)?ignore|#nosec)"#,
            ["golangci-lint", "staticcheck", "revive", "gosec", "golint"], [.go]),
        rule(
            ["SuppressWarnings", "@Suppress", "SuppressFBWarnings", "NOSONAR"],
            #"@Suppress(Warnings|FBWarnings|Lint)?\b"#,
            ["checkstyle", "pmd", "detekt", "ktlint", "gradle", "gradlew", "mvn", "mvnw", "javac", "kotlinc"], [.java],
            .code),
        rule(
            ["noinspection", "CHECKSTYLE", "NOPMD", "NOSONAR", "ktlint-disable"],
            #"\b(noinspection|NOPMD|NOSONAR|ktlint-disable)\b|CHECKSTYLE[:.]\s*OFF"#,
            ["checkstyle", "pmd", "detekt", "ktlint", "gradle", "gradlew", "mvn", "mvnw"], [.java]),
        rule(
            ["diagnostic", "warning"], #"#\s*pragma\s+((GCC|clang)\s+diagnostic\s+ignored|warning\s*(\(\s*)?disable)"#,
            [
                "make", "cmake", "ninja", "gcc", "g++", "cc", "c++", "clang", "clang++", "meson", "dotnet", "msbuild",
                "dotnet-build", "dotnet-test", "scons", "bazel",
            ], [.c, .csharp], .code),
        rule(
            ["NOLINT", "cppcheck-suppress", "clang-format off", "LCOV_EXCL"],
            #"\b(NOLINT\w*|cppcheck-suppress|clang-format\s+off|LCOV_EXCL\w*)"#,
            ["clang-tidy", "cppcheck", "cpplint", "clang-format", "lcov", "gcovr"], [.c]),
        rule(["shellcheck"], #"#\s*shellcheck\s+disable"#, ["shellcheck"], [.shell]),
        rule(
            ["rubocop:", ":nocov:", "standard:disable", "reek:"],
            #"(rubocop|standard):\s*(disable|todo)|:nocov:|:reek:"#,
            ["rubocop", "standardrb", "reek", "simplecov"], [.ruby]),
        rule(
            ["phpstan-ignore", "psalm-suppress", "phpcs:", "codeCoverageIgnore"],
            #"(@?phpstan-ignore|@psalm-suppress|phpcs:\s*(ignore|disable)|@codeCoverageIgnore)"#,
            ["phpstan", "psalm", "phpcs", "phpunit"], [.php]),
        rule(
            ["swiftlint:", "swift-format-ignore"], #"swiftlint:disable|swift-format-ignore"#,
            ["swiftlint", "swift-format", "swift"], [.swift]),
        rule(["credo:", "dialyzer"], #"credo:disable|@dialyzer"#, ["mix-credo", "mix-dialyzer"], [.elixir]),
        rule(["luacheck:"], #"luacheck:\s*(ignore|push)"#, ["luacheck"], [.lua]),
        rule(["hadolint"], #"hadolint\s+ignore"#, ["hadolint"], [.docker]),
        rule(["yamllint"], #"yamllint\s+disable"#, ["yamllint"], [.yaml]),
    ]

    private static func rule(
        _ triggers: [String], _ pattern: String, _ tools: Set<String>, _ languages: Set<SourceLanguage>,
        _ scope: Scope = .comment
    ) -> Sign {
        Sign(.weakenedCheck, "a rule is turned off", triggers, pattern, in: languages, scope: scope, .tools(tools))
    }
}

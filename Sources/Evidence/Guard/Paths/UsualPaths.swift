import Repository

/// The paths that are protected unless somebody says otherwise, by ecosystem.
enum UsualPaths {
    /// The patterns of a reason, one a word.
    static let table: [(reason: Protection.Reason, patterns: [PathPattern])] = [
        (.own, read(".graft/ AGENTS.md AGENTS.override.md")),
        (.git, read(".gitattributes .gitmodules")),
        (.ci, read(ci)),
        (.lock, read(locks)),
        (.configuration, read(configuration)),
        (.snapshot, read(snapshots)),
        (.test, read(tests)),
    ]

    /// Folders of tests that may be links to others.
    static let testFolders = ["tests", "test", "spec", "specs", "__tests__", "Tests", "e2e"]

    private static func read(_ words: String) -> [PathPattern] {
        words.split(whereSeparator: \.isWhitespace).compactMap { word in
            // A capital letter begins a word there: CommandTest.java is a test, Contest.java is none.
            PathPattern(String(word), ignoresCase: !word.contains(where: \.isUppercase))
        }
    }

    private static let ci = """
        .github/workflows/ .github/actions/ .github/scripts/ .forgejo/ .gitea/workflows/ .gitlab-ci.yml .gitlab-ci.yaml
        *.gitlab-ci.yml .gitlab-ci/ .gitlab/ci/ .travis.yml .travis/ .circleci/ azure-pipelines*.yml
        azure-pipelines*.yaml .azure-pipelines/ .azuredevops/ .pipelines/ Jenkinsfile Jenkinsfile.* *.jenkinsfile
        .jenkins/ bitbucket-pipelines.yml .drone.yml .drone.star .drone.jsonnet .woodpecker.yml .woodpecker.yaml
        .woodpecker/ appveyor.yml .appveyor.yml .appveyor/ .cirrus.yml .cirrus.star .buildkite/ .semaphore/ .teamcity/
        cloudbuild.yaml cloudbuild.yml buildspec.yml buildspec.yaml .builds/ .build.yml wercker.yml .tekton/ Earthfile
        .zuul.yaml .zuul.d/ zuul.d/ .codeship/ codeship-steps.yml .prow.yaml .kokoro/ .ci/ ci/ .taskcluster.yml
        codecov.yml .codecov.yml codecov.yaml .coveralls.yml .codeclimate.yml sonar-project.properties .dagger/
        .pre-commit-config.yaml .pre-commit-config.yml .pre-commit-hooks.yaml lefthook.yml .lefthook.yml .husky/
        .githooks/ .lintstagedrc* lint-staged.config.* .overcommit.yml
        """

    private static let locks = """
        package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock bun.lockb deno.lock poetry.lock
        Pipfile.lock uv.lock pdm.lock pixi.lock conda-lock.yml pylock.toml pylock.*.toml requirements*.lock Cargo.lock
        go.sum go.work.sum Gemfile.lock *.gemfile.lock composer.lock mix.lock rebar.lock Package.resolved
        packages.lock.json pubspec.lock flake.lock gradle.lockfile *.lockfile Podfile.lock Cartfile.resolved
        MODULE.bazel.lock cabal.project.freeze stack.yaml.lock Manifest.toml renv.lock verification-metadata.xml
        .terraform.lock.hcl conan.lock
        """

    private static let configuration = """
        pytest.ini .pytest.ini pytest.toml .pytest.toml conftest.py tox.ini tox.toml noxfile.py .coveragerc
        .coveragerc.toml mypy.ini .mypy.ini pyrightconfig.json basedpyrightconfig.json ruff.toml .ruff.toml .flake8
        .pylintrc pylintrc pylintrc.toml .bandit bandit.yaml .isort.cfg .style.yapf .pydocstyle .pep8 pycodestyle.cfg
        nose.cfg .noserc unittest.cfg nose2.cfg .pyre_configuration pytype.toml ty.toml .importlinter behave.ini
        sitecustomize.py usercustomize.py *.pth .testr.conf .stestr.conf
        jest.config.* jest.setup.* jest-setup.* jest.preset.* jest-preset.* setupJest.* setupTests.* vitest.config.*
        vitest.setup.* vitest.workspace.* .mocharc* mocha.opts karma.conf.* karma.config.* cypress.config.* cypress.json
        playwright.config.* ava.config.* .taprc .nycrc* nyc.config.* .c8rc* wdio.conf.* nightwatch.conf.* testem.js
        testem.json web-test-runner.config.* protractor.conf.* .jasmine* jasmine.json .babelrc* babel.config.*
        .eslintrc* eslint.config.* .eslintignore .prettierrc* prettier.config.* .prettierignore biome.json biome.jsonc
        .oxlintrc.json .stylelintrc* stylelint.config.* .stylelintignore tsconfig*.json jsconfig.json tslint.json
        .jshintrc .jshintignore .jscsrc .xo-config* .standard* .size-limit* .flowconfig .remarkrc* .swcrc deno.json
        deno.jsonc bunfig.toml .markdownlint* .cspell.json cspell.json commitlint.config.* .commitlintrc*
        .rspec .rspec-local spec_helper.rb rails_helper.rb test_helper.rb .rubocop* .simplecov .reek.yml .standard.yml
        .minitest.rb .erb_lint.yml brakeman.ignore **/sorbet/config steep.yml Steepfile cucumber.yml
        phpunit.xml* phpunit.dist.xml .phpunit* phpstan*.neon* psalm*.xml* .php-cs-fixer* phpcs.xml* .phpcs.xml*
        infection.json* behat.yml* codeception.yml* pest.php Pest.php phpmd.xml* rector.php
        .golangci.* golangci.* staticcheck.conf .testcoverage.yml go.work revive.toml
        clippy.toml .clippy.toml rustfmt.toml .rustfmt.toml **/.cargo/config **/.cargo/config.toml rust-toolchain
        rust-toolchain.toml **/.config/nextest.toml nextest.toml deny.toml tarpaulin.toml .tarpaulin.toml
        .clang-tidy .clang-format .clang-format-ignore .clangd CTestConfig.cmake CTestCustom.cmake CTestTestfile.cmake
        cppcheck.cfg .cppcheck* CPPLINT.cfg .gcovr gcovr.cfg .lcovrc .valgrindrc *.supp
        .swiftlint.yml .swiftlint.yaml .swift-format .swiftformat *.xctestplan *.xcscheme
        .editorconfig *.runsettings xunit.runner.json nunit.* Directory.Build.props Directory.Build.targets
        stylecop.json *.ruleset .globalconfig coverlet.runsettings global.json
        checkstyle*.xml pmd*.xml spotbugs*.xml findbugs*.xml detekt*.yml .scalafmt.conf .scalafix.conf testng*.xml
        junit-platform.properties allure.properties ktlint* surefire*.xml lint.xml lombok.config .jvmopts
        **/META-INF/services/org.junit* archunit.properties
        .shellcheckrc .yamllint* .hadolint.yaml .actionlint.yaml actionlint.yaml .luacheckrc .busted stylua.toml
        .credo.exs .formatter.exs coveralls.json .dialyzer_ignore.exs elvis.config .lintr .Rprofile .proverc
        .perlcriticrc .perltidyrc dart_test.yaml analysis_options.yaml .hlint.yaml hlint.yaml .ocamlformat
        .rubocop_todo.yml .bazelrc .bazelignore .buckconfig .sqlfluff .tflint.hcl .vale.ini .ansible-lint .secretlintrc*
        .gitleaks.toml .semgrepignore .semgrep.yml .envrc
        """

    private static let snapshots = """
        __snapshots__/ *.snap *.ambr *.approved.* *.verified.* *.golden *.snapshot __image_snapshots__/ __goldens__/
        __cassettes__/
        """

    private static let tests = """
        tests/ test/ spec/ specs/ __tests__/ __test__/ __mocks__/ __fixtures__/ testdata/ test-data/ test_data/
        test-fixtures/ test_fixtures/ testfixtures/ unittests/ unittest/ unit_tests/ unit-tests/ integration_tests/
        integration-tests/ functional_tests/ functional-tests/ e2e/ e2e-tests/ *.tests/ *.test/ *Tests/ cypress/
        testsuite/ testsuites/ test-suite/ regress/ regression-tests/ **/src/testFixtures/
        **/src/integrationTest/ **/src/androidTest/ **/src/it/ xt/
        test_*.py *_test.py *_tests.py test.py tests.py test-*.py
        *_test.go *.test.go
        *.test.js *.test.jsx *.test.ts *.test.tsx *.test.mjs *.test.cjs *.test.mts *.test.cts *.test.vue *.test.svelte
        *.spec.js *.spec.jsx *.spec.ts *.spec.tsx *.spec.mjs *.spec.cjs *.spec.mts *.spec.cts *.spec.vue *.cy.js *.cy.ts
        *.cy.jsx *.cy.tsx *.e2e.js *.e2e.ts *-test.js *-test.ts *-test.mjs *-test.cjs *_test.js *_test.ts *_test.tsx
        *_test.mjs *-spec.js *-spec.ts *_spec.js *_spec.ts test-*.js test-*.mjs test-*.cjs test-*.ts test.js test.mjs
        test.cjs test.ts tests.js tests.ts *.test-d.ts
        *_spec.rb *_test.rb test_*.rb *_steps.rb *.feature
        *_test.rs tests.rs test.rs *_tests.rs
        *Test.java *Tests.java *TestCase.java *IT.java Test*.java *Spec.java *Test.kt *Tests.kt *Spec.kt *Test.scala
        *Tests.scala *Spec.scala *Suite.scala *Spec.groovy *Test.groovy *Tests.groovy
        *Test.cs *Tests.cs *Test.fs *Tests.fs *Test.vb *Tests.vb *Spec.cs
        *_test.c *_test.cc *_test.cpp *_test.cxx *_test.m *_tests.c *_tests.cc *_tests.cpp test_*.c test_*.cc test_*.cpp
        test_*.cxx test_*.h test-*.c test-*.cc test-*.cpp *_unittest.cc *_unittest.cpp *_unittest.c *Test.cpp *Tests.cpp
        *Test.cc *Test.c test.c test.cc test.cpp tests.c tests.cc tests.cpp *.test.c *.test.cpp *.test.cc
        *Tests.swift *Test.swift *Spec.swift *Tests.m *Tests.mm
        *Test.php *Tests.php *Cest.php *Cept.php *.phpt
        *_test.exs *_test.dart *_test.erl *_SUITE.erl *_tests.erl *_test.clj *_test.cljs *Spec.hs *Test.hs *_spec.lua
        *_test.lua test_*.lua test-*.lua *.Tests.ps1 *_test.zig test-*.R test_*.R test_*.jl runtests.jl *_test.ml
        test_*.ml *_test.nim test_*.nim *_test.v *_test.d *.bats *.t *_test.sh test_*.sh test-*.sh *-test.sh test.sh
        tests.sh run-tests* run_tests* runtests* run-test.* run_test.* *.plt *_test.f90 test_*.f90 *_test.go2
        *_test.cr *_spec.cr
        """
}

import Repository

/// The files that tools read, by which a change of them changes what the tool does.
enum ToolFiles {
    /// The files that are protected as a whole when a tool runs, as patterns.
    static func whole(of tool: String) -> [PathPattern] { read(wholes[tool]) }

    /// The files of a tool of which parts are protected, as patterns.
    static func inParts(of tool: String) -> [PathPattern] { read(parts[tool]) }

    private static func read(_ words: String?) -> [PathPattern] {
        (words ?? "").split(separator: " ").compactMap { PathPattern(String($0), ignoresCase: true) }
    }

    private static let make = "makefile gnumakefile makefile.* *.mk *.mak"
    private static let node =
        ".npmrc .yarnrc .yarnrc.yml .pnpmfile.cjs nx.json project.json turbo.json lerna.json "
        + "pnpm-workspace.yaml rush.json .yarn/releases/ .yarn/plugins/"
    private static let gradle =
        "gradlew gradlew.bat gradle/ gradle.properties settings.gradle settings.gradle.kts "
        + "buildsrc/ init.gradle"
    private static let maven = "mvnw mvnw.cmd .mvn/"
    private static let git = ".gitignore"

    private static let wholes: [String: String] = [
        "make": make, "gmake": make, "bmake": make, "mingw32-make": make, "remake": make,
        "ninja": "build.ninja", "ctest": "cmakepresets.json cmakeuserpresets.json",
        "cmake": "cmakepresets.json cmakeuserpresets.json",
        "npm": node, "yarn": node, "pnpm": node, "bun": node, "npx": node, "nx": node, "turbo": node, "lerna": node,
        "vitest": "vite.config.*", "vite": "vite.config.*", "webpack": "webpack.config.*", "gulp": "gulpfile.*",
        "grunt": "gruntfile.*", "ng": "angular.json", "react-scripts": "config-overrides.js", "craco": "craco.config.*",
        "tox": "tox.ini", "nox": "noxfile.py", "invoke": "tasks.py", "inv": "tasks.py", "fab": "fabfile.py",
        "doit": "dodo.py", "scons": "sconstruct sconscript", "waf": "wscript waf", "setup.py": "setup.py",
        "rake": "rakefile rakefile.rb *.rake rakelib/", "thor": "thorfile", "guard": "guardfile",
        "gradle": gradle, "gradlew": gradle, "mvn": maven, "mvnw": maven, "ant": "build.xml ivy.xml",
        "sbt": "build.sbt project/plugins.sbt project/build.properties", "mill": "build.sc", "lein": "project.clj",
        "bazel": "workspace workspace.bazel module.bazel", "bazelisk": "workspace workspace.bazel module.bazel",
        "buck2": ".buckroot", "pants": "pants.toml", "just": "justfile .justfile", "task": "taskfile.yml taskfile.yaml",
        "mage": "magefile.go magefiles/", "earthly": "earthfile", "act": ".actrc", "meson": "meson_options.txt",
        "docker": "dockerfile dockerfile.* *.dockerfile docker-compose*.yml docker-compose*.yaml compose.yml "
            + "compose.yaml docker-bake.hcl .dockerignore",
        "docker-compose": "docker-compose*.yml docker-compose*.yaml compose.yml compose.yaml dockerfile dockerfile.*",
        "podman": "containerfile dockerfile dockerfile.*", "vagrant": "vagrantfile", "nix": "flake.nix default.nix",
        "nix-build": "default.nix", "dune": "dune-project dune-workspace", "stack": "stack.yaml",
        "cabal": "cabal.project cabal.project.local", "rebar3": "rebar.config", "hatch": "hatch.toml",
        "phing": "build.xml", "robo": "robofile.php", "cargo-make": "makefile.toml", "xtask": "xtask/",
        "ruff": git, "black": git, "prettier": git, "biome": git, "eslint": git, "standard": git, "isort": git,
        "golangci-lint": git, "typos": git + " _typos.toml .typos.toml", "codespell": ".codespellrc",
    ]

    private static let parts: [String: String] = [
        "cmake": "cmakelists.txt *.cmake", "ctest": "cmakelists.txt *.cmake", "ninja": "cmakelists.txt *.cmake",
        "make": "cmakelists.txt", "meson": "meson.build", "gradle": "*.gradle *.gradle.kts",
        "gradlew": "*.gradle *.gradle.kts", "mvn": "pom.xml", "mvnw": "pom.xml",
        "dotnet": "*.csproj *.fsproj *.vbproj *.sln *.slnx", "swift": "package.swift", "mix": "mix.exs",
        "cabal": "*.cabal package.yaml", "stack": "*.cabal package.yaml", "dune": "dune", "bazel": "build build.bazel",
        "bazelisk": "build build.bazel", "go": "go.mod", "xcodebuild": "project.pbxproj", "pipenv": "pipfile",
    ]
}

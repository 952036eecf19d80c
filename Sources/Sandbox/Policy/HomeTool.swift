/// Programs, packages or a cache that commands need and that usually lie in a home folder.
///
/// Names parts where the folder also holds, or may hold, what logs in somewhere.
struct HomeTool {
    /// The place below the home folder.
    let folder: String
    /// The environment variable that names another place for the same.
    let variable: String?
    /// What commands see of it; empty for all. A name that ends with `*` stands for all that begin so.
    let parts: [String]

    private init(_ folder: String, _ variable: String? = nil, _ parts: [String] = []) {
        (self.folder, self.variable, self.parts) = (folder, variable, parts)
    }

    static let all = languages + managers + packages + caches

    private static let languages = [
        HomeTool(".cargo", "CARGO_HOME", ["bin", "registry", "git", "env"]),
        HomeTool(".rustup", "RUSTUP_HOME"), HomeTool(".pyenv", "PYENV_ROOT"),
        HomeTool(".rye", "RYE_HOME", ["py", "shims"]),
        HomeTool("go", "GOPATH", ["bin", "pkg"]), HomeTool("sdk", nil, ["go*"]), HomeTool(".goenv", "GOENV_ROOT"),
        HomeTool(".nvm", "NVM_DIR"), HomeTool(".volta", "VOLTA_HOME"), HomeTool(".fnm", "FNM_DIR"),
        HomeTool(".local/share/fnm"), HomeTool(".nodenv", "NODENV_ROOT"), HomeTool(".nodebrew"),
        HomeTool("n", "N_PREFIX"),
        HomeTool(".bun", "BUN_INSTALL", ["bin", "install"]), HomeTool(".deno", "DENO_INSTALL", ["bin"]),
        HomeTool(".swiftly", "SWIFTLY_HOME_DIR"), HomeTool(".local/share/swiftly", "SWIFTLY_TOOLCHAINS_DIR"),
        HomeTool(".swiftenv", "SWIFTENV_ROOT"),
        HomeTool(".swiftpm", nil, ["cache", "security", "swift-sdks", "toolchains"]),
        HomeTool(".sdkman", "SDKMAN_DIR"), HomeTool(".jenv", "JENV_ROOT"), HomeTool(".jabba", "JABBA_HOME"),
        HomeTool(".jdks"), HomeTool(".konan", "KONAN_DATA_DIR"),
        HomeTool(".jbang", "JBANG_DIR", ["bin", "cache", "currentjdk"]),
        HomeTool(".rbenv", "RBENV_ROOT"), HomeTool(".rvm", "rvm_path"), HomeTool(".rubies"),
        HomeTool(".gem", nil, ["ruby", "specs"]), HomeTool(".local/share/gem", nil, ["ruby"]),
        HomeTool(".phpenv", "PHPENV_ROOT"), HomeTool(".phpbrew", "PHPBREW_ROOT", ["php", "build", "bin"]),
        HomeTool(".plenv", "PLENV_ROOT"), HomeTool("perl5"), HomeTool(".luaver"),
        HomeTool(".luarocks", nil, ["bin", "lib", "share"]),
        HomeTool(".ghcup", "GHCUP_INSTALL_BASE_PREFIX"),
        HomeTool(".cabal", "CABAL_DIR", ["bin", "lib", "packages", "share", "store"]),
        HomeTool(".stack", "STACK_ROOT", ["pantry", "programs", "setup-exe-cache", "snapshots"]),
        HomeTool(".opam", "OPAMROOT"), HomeTool(".elan", "ELAN_HOME"), HomeTool(".roswell"), HomeTool("quicklisp"),
        HomeTool(
            ".julia", "JULIA_DEPOT_PATH",
            ["artifacts", "bin", "compiled", "environments", "juliaup", "packages", "registries", "scratchspaces"]),
        HomeTool(".juliaup"),
        HomeTool(".mix", "MIX_HOME", ["archives", "elixir", "escripts", "rebar*"]),
        HomeTool(".hex", "HEX_HOME", ["packages", "cache.ets"]), HomeTool(".kerl"), HomeTool(".kiex"),
        HomeTool(
            ".dotnet", "DOTNET_ROOT",
            [
                "dotnet", "host", "library-packs", "metadata", "packs", "sdk", "sdk-advertising", "sdk-manifests",
                "shared", "store", "templates", "tools", "workloads",
            ]),
        HomeTool("flutter", "FLUTTER_ROOT"), HomeTool("Android/Sdk", "ANDROID_HOME"), HomeTool(".android/avd"),
        HomeTool(".foundry", nil, ["bin", "versions"]), HomeTool(".svm"),
        HomeTool(".wasmer", "WASMER_DIR", ["bin", "lib"]),
        HomeTool(".wasmtime", nil, ["bin"]), HomeTool("emsdk", "EMSDK"), HomeTool(".espressif", "IDF_TOOLS_PATH"),
        HomeTool(".platformio", nil, ["packages", "penv", "platforms"]),
    ]

    private static let managers = [
        HomeTool(".asdf", "ASDF_DATA_DIR"), HomeTool(".local/share/mise", "MISE_DATA_DIR"),
        HomeTool(".local/share/rtx"),
        HomeTool(".proto", "PROTO_HOME", ["bin", "shims", "tools"]), HomeTool(".pixi", "PIXI_HOME", ["bin", "envs"]),
        HomeTool("miniconda3"), HomeTool("anaconda3"), HomeTool("miniforge3"), HomeTool("mambaforge"),
        HomeTool("micromamba", "MAMBA_ROOT_PREFIX"), HomeTool(".conda", nil, ["envs", "pkgs"]),
        HomeTool(".nix-profile"), HomeTool(".local/state/nix"), HomeTool(".guix-profile"),
        HomeTool(".linuxbrew", "HOMEBREW_PREFIX"), HomeTool(".tfenv"), HomeTool(".tenv"),
        HomeTool(".local", nil, ["bin", "games", "include", "lib", "lib64", "libexec", "opt", "pipx", "sbin", "go"]),
        HomeTool(".local/share/pipx", "PIPX_HOME"), HomeTool(".local/share/uv", nil, ["python", "tools"]),
        HomeTool(".local/share/virtualenvs", "WORKON_HOME"), HomeTool(".virtualenvs"),
        HomeTool(".local/share/pypoetry"), HomeTool(".local/share/hatch"), HomeTool(".local/share/pdm"),
        HomeTool(".local/share/pnpm", "PNPM_HOME"), HomeTool(".local/share/coursier"), HomeTool(".local/share/cmake"),
        HomeTool(".local/share/pkgconfig"), HomeTool(".local/share/fonts"), HomeTool(".fonts"),
        HomeTool(".local/share/jupyter", nil, ["kernels", "nbextensions", "labextensions"]),
    ]

    private static let packages = [
        HomeTool(".m2", nil, ["repository", "wrapper"]),
        HomeTool(".gradle", "GRADLE_USER_HOME", ["caches", "jdks", "native", "wrapper"]),
        HomeTool(".ivy2", nil, ["cache", "jars", "local"]), HomeTool(".sbt", nil, ["boot", "launchers"]),
        HomeTool(".coursier"), HomeTool(".bazel"), HomeTool(".nuget", nil, ["packages"]),
        HomeTool(".npm", nil, ["_cacache", "_npx"]), HomeTool(".npm-global", nil, ["bin", "lib"]),
        HomeTool(".npm-packages", nil, ["bin", "lib"]), HomeTool(".node_modules"), HomeTool(".node-gyp"),
        HomeTool(".yarn", nil, ["bin", "berry", "cache"]), HomeTool(".pnpm-store"),
        HomeTool(".bundle", nil, ["cache", "plugin"]), HomeTool(".cocoapods", nil, ["repos"]),
        HomeTool(".pub-cache", "PUB_CACHE", ["bin", "git", "global_packages", "hosted", "hosted-hashes"]),
        HomeTool(".composer", "COMPOSER_HOME", ["cache", "vendor"]), HomeTool(".config/composer", nil, ["vendor"]),
        HomeTool(".terraform.d", nil, ["plugin-cache", "plugins"]),
        HomeTool(".conan", nil, ["conan.conf", "data", "profiles", "settings.yml"]),
        HomeTool(".conan2", "CONAN_HOME", ["extensions", "global.conf", "p", "profiles", "settings.yml"]),
        HomeTool(".vcpkg"), HomeTool("vcpkg", "VCPKG_ROOT"),
        HomeTool(".ccache", "CCACHE_DIR"), HomeTool("nltk_data", "NLTK_DATA"),
        HomeTool(".config/git", nil, ["ignore", "attributes"]),
    ]

    private static let caches = [
        HomeTool(
            ".cache", nil,
            [
                "pip", "pip-tools", "pre-commit", "pipenv", "bazel", "bazelisk", "ccache", "sccache", "go-build",
                "org.swift.swiftpm", "clang", "coursier", "yarn", "pnpm", "node", "node-gyp", "electron",
                "electron-builder", "ms-playwright", "Cypress", "puppeteer", "deno", "typescript", "turbo", "nx", "bun",
                "rebar3", "elixir_make", "zig", "mathlib", "dune", "composer", "fontconfig", "torch", "black", "ruff",
                "mypy", "nvim-treesitter", "golangci-lint", "goimports", "staticcheck", "gopls", "nix", "tree-sitter",
                "hatch", "pdm", "mise", "fnm", "trunk", "vcpkg", "R", "JNA", "spotless", "matplotlib", "numba",
            ]),
        HomeTool(".cache/uv", "UV_CACHE_DIR"),
        HomeTool(".cache/pypoetry", nil, ["artifacts", "cache", "virtualenvs"]),
        HomeTool(".cache/huggingface", "HF_HOME", ["assets", "datasets", "hub", "metrics", "modules"]),
    ]
}

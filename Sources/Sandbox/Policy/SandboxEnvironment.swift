/// The environment of a command: the allowed variables of the user, and those that make programs quiet and repeatable.
///
/// `HOME` is the real home folder, read-only in a sandbox: test suites need the tool chains and packages in it. The
/// sandbox adds `XDG_CACHE_HOME` and similar variables, which send caches to its folder for temporary files. Without a
/// sandbox they stay unset.
public struct SandboxEnvironment: Sendable, Equatable {
    /// The variables by name.
    public private(set) var variables: [String: String]

    /// Makes an environment of exactly these variables.
    public init(_ variables: [String: String]) {
        self.variables = variables
    }

    /// Reads or sets one variable.
    public subscript(name: String) -> String? {
        get { variables[name] }
        set { variables[name] = newValue }
    }

    /// Builds the environment from the user's own.
    ///
    /// - Parameters:
    ///   - user: The environment Graft was started with.
    ///   - allow: Further names that pass; `FOO_*` is a prefix. A variable with a name that looks like a secret, or a
    ///     value with a password such as `https://user:password@host`, passes only if it is named in full; the API key
    ///     never does.
    ///   - home: The user's home folder.
    public static func build(
        from user: [String: String], allow: [String] = [], home: String
    ) -> SandboxEnvironment {
        var variables = user.filter { passes($0.key, value: $0.value, allow: allow) }
        for (name, value) in ["PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"] where variables[name] == nil {
            variables[name] = value
        }
        variables["HOME"] = home
        variables.merge(fixed) { $1 }
        return SandboxEnvironment(variables)
    }

    /// Whether a name looks like that of a secret.
    ///
    /// Prefers false positives: the user can allow a variable by name.
    public static func looksSecret(_ name: String) -> Bool {
        let upper = name.uppercased()
        guard !secretWords.contains(where: upper.contains) else { return true }
        let parts = upper.split { !$0.isLetter && !$0.isNumber }.map(String.init)
        return upper != "PWD" && parts.contains { secretParts.contains($0) }
    }

    /// Sets the variables for temporary files, caches and state, and for a proxy; nil changes nothing.
    func with(temporaryFolder: String?, proxy: String? = nil) -> SandboxEnvironment {
        var result = self
        if let temporaryFolder {
            result["TMPDIR"] = temporaryFolder
            result["XDG_CACHE_HOME"] = temporaryFolder + "/.cache"
            result["XDG_STATE_HOME"] = temporaryFolder + "/.state"
        }
        if let proxy {
            for name in ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"] { result[name] = "http://\(proxy)" }
            for name in ["ALL_PROXY", "all_proxy"] { result[name] = "socks5h://\(proxy)" }
            for name in ["NO_PROXY", "no_proxy"] { result[name] = "localhost,127.0.0.1,::1" }
        }
        return result
    }

    /// Adds variables, or replaces them.
    func adding(_ more: [String: String]) -> SandboxEnvironment {
        SandboxEnvironment(variables.merging(more) { $1 })
    }

    /// The variables as `NAME=value`, sorted, as a program receives them.
    var entries: [String] {
        variables.map { "\($0.key)=\($0.value)" }.sorted()
    }

    private static func passes(_ name: String, value: String, allow: [String]) -> Bool {
        guard name != "OPENAI_API_KEY" else { return false }
        if allow.contains(name) { return true }
        // Most variables are no usual ones, and what they hold need not be searched.
        guard usual.contains(name) || (usualPrefixes + allow.compactMap(prefix)).contains(where: name.hasPrefix) else {
            return false
        }
        return !looksSecret(name) && !CredentialText.isIn(value)
    }

    private static func prefix(_ pattern: String) -> String? {
        pattern.hasSuffix("*") ? String(pattern.dropLast()) : nil
    }

    private static let secretWords = [
        "KEY", "TOKEN", "SECRET", "PASSWORD", "PASSWD", "PASSPHRASE", "CREDENTIAL", "AUTH", "PRIVATE", "COOKIE",
    ]

    /// Too short to be searched for inside words.
    private static let secretParts: Set<String> = [
        "PASS", "PWD", "PAT", "JWT", "DSN", "SAS", "BEARER", "WEBHOOK",
    ]

    private static let usualPrefixes = ["LC_"]

    private static let usual: Set<String> = [
        "PATH", "LANG", "LANGUAGE", "TZ", "USER", "LOGNAME", "SHELL",
        "VIRTUAL_ENV", "CONDA_PREFIX", "CONDA_DEFAULT_ENV", "PYENV_ROOT", "PYENV_VERSION", "PYTHONPATH", "PYTHONHOME",
        "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN", "RUSTFLAGS", "RUST_BACKTRACE",
        "GOPATH", "GOROOT", "GOFLAGS", "GOMODCACHE", "GOTOOLCHAIN", "GO111MODULE",
        "JAVA_HOME", "JDK_HOME", "MAVEN_HOME", "M2_HOME", "GRADLE_HOME", "ANDROID_HOME", "SDKMAN_DIR",
        "NODE_PATH", "NODE_OPTIONS", "NVM_DIR", "NVM_BIN", "VOLTA_HOME", "PNPM_HOME", "BUN_INSTALL",
        "GEM_HOME", "GEM_PATH", "BUNDLE_PATH", "BUNDLE_GEMFILE", "RBENV_ROOT", "RBENV_VERSION", "RUBYLIB",
        "PERL5LIB", "PERL_LOCAL_LIB_ROOT", "DOTNET_ROOT", "MIX_HOME", "HEX_HOME", "ASDF_DIR", "ASDF_DATA_DIR",
        "MISE_DATA_DIR", "TOOLCHAINS", "SWIFTLY_HOME_DIR", "SWIFTLY_TOOLCHAINS_DIR",
        "CC", "CXX", "AR", "CFLAGS", "CXXFLAGS", "CPPFLAGS", "LDFLAGS", "CPATH", "LIBRARY_PATH", "LD_LIBRARY_PATH",
        "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH", "PKG_CONFIG_PATH", "CMAKE_PREFIX_PATH",
    ]

    private static let fixed = [
        "TERM": "dumb", "CI": "1", "NO_COLOR": "1", "PAGER": "cat", "GIT_PAGER": "cat", "GIT_TERMINAL_PROMPT": "0",
        // The repository is read-only inside: git must not try to refresh its index.
        "GIT_OPTIONAL_LOCKS": "0",
    ]
}

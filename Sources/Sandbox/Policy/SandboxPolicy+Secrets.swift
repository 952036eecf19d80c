import OS

extension SandboxPolicy {
    /// Lists the usual paths of secrets: keys, tokens, key rings, shell histories, sockets of privileged services.
    ///
    /// Includes files named `.env…` in the home folder. A caller adds Graft's own state folder. `~/.m2/settings.xml` is
    /// not among them, because Maven fails on an empty one.
    ///
    /// - Parameter home: The user's home folder; empty if there is none.
    public static func secretPaths(home: String) -> [String] {
        guard !home.isEmpty, home != "/" else { return inSystem }
        let settings = FolderListing.names(in: home).filter { $0.hasPrefix(".env") }
        return (inHome + settings).map { "\(home)/\($0)" } + inSystem
    }

    private static let inHome = [
        ".ssh", ".gnupg", ".aws", ".azure", ".kube", ".docker", ".password-store", ".local/share/keyrings",
        ".local/share/gnupg", ".config/gh", ".config/hub", ".config/glab-cli", ".config/gcloud", ".config/op",
        ".config/rclone",
        ".config/git/credentials", ".config/containers/auth.json", ".config/openai", ".codex", ".claude",
        ".netrc", ".git-credentials", ".npmrc", ".yarnrc", ".pypirc", ".gem/credentials", ".vault-token",
        ".cargo/credentials", ".cargo/credentials.toml", ".terraform.d/credentials.tfrc.json", ".pgpass", ".my.cnf",
        ".s3cfg", ".boto", ".mozilla", ".thunderbird", ".config/google-chrome", ".config/chromium",
        ".bash_history", ".zsh_history", ".python_history", ".psql_history", ".node_repl_history", ".lesshst",
    ]

    private static let inSystem = [
        "/etc/shadow", "/etc/gshadow", "/etc/ssl/private", "/etc/docker", "/etc/kubernetes", "/var/lib/docker",
        "/var/run/secrets", "/var/run/docker.sock", "/var/lib/containerd", "/var/lib/kubelet", "/etc/krb5.keytab",
    ]
}

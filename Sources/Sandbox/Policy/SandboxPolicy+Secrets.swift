import OS

extension SandboxPolicy {
    /// Lists the usual paths of secrets: keys, tokens, key rings, shell histories, sockets of privileged services.
    ///
    /// They are hidden where a home folder is not closed, as when it is the working tree, and in what is shown of it.
    /// Includes files named `.env…` in the home folder. A caller adds Graft's own state folder. `~/.m2/settings.xml` is
    /// not among them, because Maven fails on an empty one.
    ///
    /// - Parameter home: The user's home folder; empty if there is none.
    public static func secretPaths(home: String) -> [String] {
        guard !home.isEmpty, home != "/" else { return inSystem }
        let settings = FolderListing.names(in: home).filter { $0.hasPrefix(".env") }
        return (inHome + settings).map { "\(home)/\($0)" } + inSystem
    }

    /// Settings of tools that often hold secrets, but are not hidden in a folder that the user opens to commands.
    static func settingsWithSecrets(home: String) -> [String] {
        [
            ".m2/settings.xml", ".m2/settings-security.xml", ".gradle/gradle.properties", ".gradle/init.d",
            ".cargo/config", ".cargo/config.toml", ".sbt/repositories", ".gitconfig", ".config/git/config", ".condarc",
            ".config/pip/pip.conf", ".pip/pip.conf", ".wgetrc", ".curlrc", ".terraformrc", ".bundle/config",
            ".cabal/config",
            ".bashrc", ".bash_profile", ".profile", ".zshrc", ".zshenv", ".zprofile", ".config/fish/config.fish",
        ].map { "\(home)/\($0)" }
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
        ".local/share/fish/fish_history", ".config/fish/fish_history", ".mysql_history", ".sqlite_history",
        ".rediscli_history",
        ".irb_history", ".local/share/mc", ".julia/logs", ".viminfo", ".local/state/nvim/shada",
        ".kaggle", ".config/kaggle", ".huggingface", ".cache/huggingface/token", ".cache/huggingface/stored_tokens",
        ".gemini", ".config/github-copilot", ".copilot", ".local/share/opencode/auth.json", ".config/opencode",
        ".aider.conf.yml",
        ".config/doctl", ".fly", ".config/fly", ".netlify", ".config/netlify", ".vercel", ".local/share/com.vercel.cli",
        ".heroku", ".config/heroku", ".wrangler", ".config/.wrangler", ".config/stripe", ".sentryclirc", ".ngrok2",
        ".config/ngrok", ".composer/auth.json", ".config/composer/auth.json", ".subversion/auth", ".hgrc", ".cvspass",
        ".pulumi/credentials.json", ".config/hcloud", ".config/linode-cli", ".oci", ".bluemix", ".aliyun", ".tccli",
        ".databrickscfg", ".snowsql", ".snowflake", ".config/snowflake", ".dbt", ".config/dbt", ".mc", ".minio",
        ".config/s3cmd",
        ".ivy2/.credentials", ".sbt/.credentials", ".sbt/1.0/credentials.sbt", ".nuget/NuGet", ".hex/hex.config",
        ".pub-cache/credentials.json", ".config/dart/pub-credentials.json", ".luarocks/upload_config.lua",
        ".config/pypoetry/auth.toml", ".config/hatch", ".jupyter", ".ccache/ccache.conf", ".cache/ccache/ccache.conf",
        ".dotnet/corefx", ".android/adbkey", ".electrum", ".bitcoin", ".ethereum", ".config/solana",
        ".foundry/keystores",
        ".config/sops", ".age", ".config/age", ".gnome2/keyrings", ".kde/share/apps/kwallet", ".local/share/kwalletd",
        ".pki",
        ".config/BraveSoftware", ".config/microsoft-edge", ".config/vivaldi", ".config/opera", ".config/Slack",
        ".config/discord",
        ".config/Signal", ".config/keepassxc", ".config/Bitwarden", ".config/1Password", ".smbcredentials", ".muttrc",
        ".msmtprc",
        ".mbsyncrc", ".authinfo", ".authinfo.gpg", ".fetchmailrc", ".ICEauthority", ".Xauthority",
    ]

    private static let inSystem = [
        "/etc/shadow", "/etc/gshadow", "/etc/ssl/private", "/etc/docker", "/etc/kubernetes", "/var/lib/docker",
        "/var/run/secrets", "/var/run/docker.sock", "/var/lib/containerd", "/var/lib/kubelet", "/etc/krb5.keytab",
        "/var/mail", "/var/spool/mail", "/var/spool/cron", "/var/backups", "/var/lib/cloud", "/etc/wireguard",
        "/etc/NetworkManager/system-connections", "/etc/letsencrypt", "/etc/rancher", "/etc/credstore",
        "/etc/credstore.encrypted", "/var/lib/systemd/credential.secret", "/etc/security/opasswd",
    ]
}

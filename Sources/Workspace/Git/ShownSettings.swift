import Repository
import Sandbox

/// The settings of git that commands may read: those that git needs to look at a repository, without secrets.
///
/// A list of what is shown, since secrets hide in too many settings: `http.<url>.extraHeader`, credential helpers,
/// remotes with a password, aliases, settings of other programs.
enum ShownSettings {
    /// The settings that are shown, with URLs freed of names and passwords.
    static func shown(_ settings: [GitSetting]) -> [GitSetting] {
        settings.compactMap { setting in
            guard isListed(setting), setting.subsection.map(CredentialText.isIn) != true else { return nil }
            guard let value = setting.value else { return setting }
            let plain = withoutUsers(value)
            guard !CredentialText.isIn(plain) else { return nil }
            return GitSetting(
                section: setting.section, subsection: setting.subsection, key: setting.key, value: plain)
        }
    }

    /// Whether settings hold what nobody else should read: a password, or a program that hands one out.
    static func holdSecrets(_ settings: [GitSetting]) -> Bool {
        settings.contains { setting in
            if harmless.contains(setting.section), setting.key != "smtppass" {
                return CredentialText.isIn(setting.value ?? "")
                    || withoutUsers(setting.value ?? "") != setting.value ?? ""
            }
            return shown([setting]) != [setting]
        }
    }

    private static func isListed(_ setting: GitSetting) -> Bool {
        if let keys = listed[setting.section] { return keys.contains(setting.key) }
        guard let exceptions = whole[setting.section] else { return false }
        return !exceptions.contains(setting.key) && !SandboxEnvironment.looksSecret(setting.key)
    }

    /// Removes `user:password@` from URLs; the name alone stays where the program asks for a key anyway.
    static func withoutUsers(_ text: String) -> String {
        var (result, rest) = ("", text[...])
        while let mark = rest.firstRange(of: "://") {
            let scheme = rest[..<mark.lowerBound].lowercased()
            result += rest[..<mark.upperBound]
            rest = rest[mark.upperBound...]
            let authority = rest.prefix { !"/?#".contains($0) && !$0.isWhitespace }
            guard let at = authority.lastIndex(of: "@") else { continue }
            let name = authority[..<at].prefix { $0 != ":" }
            if scheme.hasSuffix("ssh") || scheme.hasSuffix("git"), !name.isEmpty { result += name + "@" }
            rest = rest[rest.index(after: at)...]
        }
        return result + rest
    }

    /// Sections that are shown but for some variables.
    private static let whole: [String: Set<String>] = [
        "core": [
            "sshcommand", "askpass", "gitproxy", "fsmonitor", "hookspath", "editor", "pager", "alternaterefscommand",
            // It names another place than the one that commands see.
            "worktree",
        ],
        // Nobody can sign inside, and every commit in a test's own repository would fail.
        "commit": ["gpgsign"], "tag": ["gpgsign"], "push": ["gpgsign"],
        "extensions": [], "init": [], "safe": [], "diff": [], "merge": [], "filter": [], "rebase": [], "pull": [],
        "fetch": [], "status": [], "log": [], "index": [], "pack": [], "gc": [], "checkout": [], "apply": [],
        "am": [], "blame": [], "clean": [], "color": [], "column": [], "feature": [], "grep": [], "help": [],
        "i18n": [], "maintenance": [], "notes": [], "protocol": [], "receive": [], "rerere": [], "revert": [],
        "showbranch": [], "splitindex": [], "stash": [], "transfer": [], "versionsort": [], "worktree": [],
        "advice": [],
    ]

    /// Sections of which only some variables are shown.
    private static let listed: [String: Set<String>] = [
        "user": ["name", "email", "useconfigonly"], "author": ["name", "email"], "committer": ["name", "email"],
        "branch": ["remote", "merge", "rebase", "pushremote", "autosetupmerge", "autosetuprebase", "sort"],
        "remote": [
            "url", "pushurl", "fetch", "push", "tagopt", "prune", "prunetags", "mirror", "promisor",
            "partialclonefilter", "skipdefaultupdate", "skipfetchall", "pushdefault",
        ],
        "submodule": [
            "path", "url", "branch", "update", "active", "ignore", "fetchrecursesubmodules", "recurse", "shallow",
            "fetchjobs", "propagatebranches",
        ],
        "url": ["insteadof", "pushinsteadof"],
        "http": [
            "sslverify", "sslcainfo", "sslcapath", "postbuffer", "version", "followredirects", "lowspeedlimit",
            "lowspeedtime",
        ],
        "lfs": [
            "repositoryformatversion", "fetchinclude", "fetchexclude", "locksverify", "setlockablereadonly",
            "skipdownloaderrors", "concurrenttransfers", "basictransfersonly", "allowincompletepush",
        ],
        "annex": ["uuid", "version", "thin"],
    ]

    /// Sections that are not shown and seldom hold a secret.
    private static let harmless: Set<String> = [
        "alias", "gui", "gitk", "man", "pager", "mergetool", "difftool", "rebase", "core", "commit", "tag", "push",
        "branch", "sequence", "guitool", "gpg", "user", "format",
    ]
}

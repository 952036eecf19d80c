public import Configuration
public import Repository
public import Sandbox
public import Session

/// What commands of a session may see and change: the user's policy, narrowed by the repository's.
///
/// A repository never widens it; a notice lists what it asks for beyond the user's policy.
public struct SessionPolicy: Sendable {
    /// The resulting policy.
    public private(set) var profile: SandboxProfile
    /// What to tell the user about it.
    public let notices: [String]
    /// Folders of the user's own skills, which commands see; a repository's are in its tree.
    public var skillFolders: [String] = []

    /// Narrows the user's policy.
    ///
    /// - Parameters:
    ///   - own: The settings of flags and the user's file.
    ///   - repository: The settings of the repository's file in the base commit.
    ///   - environment: Names the home folder and Graft's own folders.
    /// - Throws: `SandboxError` or `ConfigurationError` for an invalid policy.
    public init(own: Settings, repository: Settings, environment: [String: String]) throws {
        let home = environment["HOME"] ?? "/root"
        let users = try own.policy?.profile(home: home) ?? SandboxProfile()
        var notices = try users.noticesOfPaths(
            home: home, secrets: Self.secrets(environment: environment), name: own.policy?.name ?? "")
        var ignored: [String] = []
        var profile = users
        switch repository.policy {
        case .named(let name):
            // A file that the repository names would be read from the machine, not from the commit.
            guard let narrower = try SandboxProfile.builtIn(name) else {
                let names = SandboxProfile.builtInNames.joined(separator: ", ")
                throw ConfigurationError(.file, ".graft/config.toml: policy must be one of \(names)")
            }
            ignored += narrower.excess(over: users)
            profile = narrower.narrowing(users)
        case .spelledOut(let narrower):
            ignored += narrower.excess(over: users)
            profile = narrower.narrowing(users)
        case nil: break
        }
        if !repository.rules.isEmpty { ignored.append("[[approve]] and [[deny]]") }
        if repository.approvals != nil { ignored.append("approvals") }
        self.profile = profile
        let shown = ignored.prefix(8).joined(separator: ", ") + (ignored.count > 8 ? " and more" : "")
        if !ignored.isEmpty {
            notices.append(
                "the repository's .graft/config.toml asks for what only your own configuration gives: \(shown)")
        }
        self.notices = notices
    }

    /// Reads the policy that a run has recorded; nil if it recorded none.
    ///
    /// - Throws: `.profile` if the recorded policy is invalid.
    public init?(of run: RunStart) throws(SandboxError) {
        guard let policy = run.policy else { return nil }
        profile = try SandboxProfile(toml: Array(policy.utf8), name: "the policy of \(run.branch)")
        notices = []
    }

    private static func secrets(environment: [String: String]) -> [String] {
        SandboxPolicy.secretPaths(home: environment["HOME"] ?? "/root") + [SessionFolder.root(environment: environment)]
    }

    /// The same policy for commands that only look, as the built-in `read-only`: nothing but `/tmp` can be written.
    ///
    /// - Throws: `.profile` if the built-in policy is invalid, which is a bug of Graft.
    public func onlyLooking() throws(SandboxError) -> SessionPolicy {
        var policy = self
        if let narrower = try SandboxProfile.builtIn("read-only") { policy.profile = narrower.narrowing(profile) }
        policy.profile.isTreeWritable = false
        policy.profile.writablePaths = nil
        return policy
    }

    /// Reads the policy of flags and files in a repository, for commands other than a run.
    ///
    /// - Parameter flag: The policy named by a flag, if any.
    /// - Throws: `SandboxError` or `ConfigurationError` for an invalid policy, `RepositoryError` if the commit cannot
    ///   be read.
    public static func read(
        flag: PolicyChoice?, repository: GitRepository, base: CommitID, environment: [String: String]
    ) throws -> SessionPolicy {
        var own = Settings()
        own.policy = flag
        return try SessionPolicy(
            own: own.over(.file(environment: environment)), repository: .file(of: repository, at: base),
            environment: environment)
    }

    /// The policy for a working tree.
    public func policy(
        workingTree: String, of repository: GitRepository, temporaryFolder: String? = nil, environment: [String: String]
    ) -> SandboxPolicy {
        let home = environment["HOME"] ?? "/root"
        var policy = SandboxPolicy(
            workingTree: workingTree, readOnlyPaths: [repository.commonDirectory, repository.gitDirectory],
            hiddenPaths: Self.secrets(environment: environment), temporaryFolder: temporaryFolder)
        policy.closeHomes(environment: environment, projects: [repository.workingDirectory])
        policy.apply(profile, home: home)
        policy.skillFolders = skillFolders
        return policy
    }

    /// The environment of commands.
    public func variables(from environment: [String: String]) -> SandboxEnvironment {
        SandboxEnvironment.build(
            from: environment, allow: profile.variables ?? [], home: environment["HOME"] ?? "/root")
    }
}

extension Sandbox {
    /// What to tell the model of what commands can read, write and reach; always true, whatever the policy.
    public var rightsForModel: String {
        guard Rung.ladder.contains(rung) else {
            return "Commands run without a sandbox: what they change on this machine stays changed."
        }
        var writable = ["/tmp"] + policy.writablePaths
        if policy.isTreeWritable { writable.insert("the tree", at: 0) }
        var lines = ["Commands can write to \(writable.joined(separator: ", ")), and nowhere else."]
        if !policy.isTreeWritable { lines.append("Only patches change the tree.") }
        // Single hosts are let through by namespaces alone.
        var network = policy.network
        if case .hosts = network, rung != .namespaces { network = .loopback }
        lines.append(network.forModel("They"))
        let readable = policy.readablePaths.joined(separator: ", ")
        lines.append(
            "Of the home folder only tools\(readable.isEmpty ? "" : ", \(readable)") and caches are there, and what is "
                + "written to it is gone afterwards.")
        return lines.joined(separator: " ")
    }
}

extension SandboxPolicy.Network {
    /// What to tell the model of the network, as a sentence.
    ///
    /// - Parameter commands: What the sentence calls commands.
    public func forModel(_ commands: String) -> String {
        switch self {
        case .none: return "\(commands) have no network, not even 127.0.0.1."
        case .hosts(let hosts) where !hosts.isEmpty:
            let names = hosts.prefix(50).map(\.description).joined(separator: ", ")
            return "\(commands) reach 127.0.0.1, and through the proxy of HTTP_PROXY \(names)."
        case .loopback, .hosts: return "\(commands) reach 127.0.0.1, and no other network."
        case .all: return "\(commands) have the machine's own network."
        }
    }
}

/// What a command may see and change.
///
/// Everything else outside of closed folders is visible and read-only. The more specific path wins: a working tree inside a hidden folder is
/// visible, a hidden folder inside the working tree is hidden.
public struct SandboxPolicy: Sendable, Equatable {
    /// The network that a command reaches.
    public enum Network: Sendable, Equatable {
        /// Nothing, not even loopback.
        case none
        /// A private loopback interface, for servers and clients of the sandbox.
        case loopback
        /// Loopback, and these hosts through a proxy.
        case hosts([HostPattern])
        /// The network of the machine.
        case all
    }

    /// The folder that commands work in; absolute.
    public var workingTree: String
    /// Where commands see the working tree, in place of what is there; nil for its own path. Only with mounts.
    public var shownTree: String?
    /// Whether commands may write to the working tree.
    public var isTreeWritable = true
    /// The resource limits of a command.
    public var limits = ResourceLimits.standard
    /// Paths that are visible and read-only wherever they are, such as a repository's common git folder.
    ///
    /// The `.git` of the working tree is always among them.
    public var readOnlyPaths: [String]
    /// Further writable paths, such as a build cache named by the user.
    public var writablePaths: [String]
    /// Paths that are empty inside; missing ones are skipped.
    public var hiddenPaths: [String]
    /// Folders of which commands see only what is shown or readable: the home folders.
    ///
    /// What commands write there is gone with them; without namespaces they cannot write there.
    public var closedFolders: [String] = []
    /// What is visible and read-only in closed folders, unless it is hidden.
    public var shownPaths: [String] = []
    /// What is visible and read-only because the user says so, even if it is hidden itself.
    public var readablePaths: [String] = []
    /// Folders of the user's skills, which are visible and read-only as `readablePaths` are.
    public var skillFolders: [String] = []
    /// Folders from elsewhere that commands see in the working tree; each mount point must be an empty folder.
    public var overlays: [Overlay] = []
    /// Folders that commands see as overlays or not at all; ``Sandbox/overlaySupport`` is `writable` if they do.
    public var maskedFolders: [MaskedFolder] = []
    /// What commands see in place of other files and folders, such as git's configuration without its secrets.
    public var standIns: [StandIn] = []
    /// What takes the place of stand-ins where nothing can be mounted.
    public var withoutMounts = WithoutMounts()
    /// The folder that is `/tmp` inside, so that later commands find what earlier ones left there.
    ///
    /// Without it every command has an empty `/tmp` in memory.
    public var temporaryFolder: String?
    /// The network that commands reach.
    public var network: Network

    /// The reachable hosts; nil unless the policy names hosts.
    var hosts: [HostPattern]? { if case .hosts(let hosts) = network { hosts } else { nil } }

    /// Makes a policy; see the properties.
    public init(
        workingTree: String,
        readOnlyPaths: [String] = [],
        writablePaths: [String] = [],
        hiddenPaths: [String] = [],
        temporaryFolder: String? = nil,
        network: Network = .loopback
    ) {
        self.workingTree = workingTree
        self.readOnlyPaths = readOnlyPaths
        self.writablePaths = writablePaths
        self.hiddenPaths = hiddenPaths
        self.temporaryFolder = temporaryFolder
        self.network = network
    }
}

/// What a command may see and change.
///
/// Everything not named here is visible and read-only. The more specific path wins: a working tree inside a hidden
/// folder is visible, a hidden folder inside the working tree is hidden.
public struct SandboxPolicy: Sendable, Equatable {
    /// What a command may reach over the network.
    public enum Network: Sendable, Equatable {
        /// Nothing, not even loopback.
        case none
        /// A loopback interface of its own, on which servers and clients of one command find each other.
        case loopback
        /// As `loopback`, and these hosts through a proxy.
        case hosts([HostPattern])
        /// All that the machine itself reaches.
        case all
    }

    /// The folder that commands work in; absolute.
    public var workingTree: String
    /// Whether commands may write to the working tree.
    public var isTreeWritable = true
    /// How much of the machine a command may take.
    public var limits = ResourceLimits.standard
    /// Paths that stay visible and read-only wherever they lie, such as a repository's common git folder.
    ///
    /// `.git` of the working tree, folder or file, is always among them.
    public var readOnlyPaths: [String]
    /// Further paths the command may write to, such as a build cache the user has named.
    public var writablePaths: [String]
    /// Paths that look empty inside; those that do not exist are skipped.
    public var hiddenPaths: [String]
    /// Folders that commands see in the working tree though they lie elsewhere; each place must be an empty folder.
    public var overlays: [Overlay] = []
    /// The folder that serves as `/tmp` inside, so that one command finds what an earlier one left there.
    ///
    /// Without it every command has an empty `/tmp` in memory.
    public var temporaryFolder: String?
    /// What may be reached over the network.
    public var network: Network

    /// The hosts that may be reached, where the policy names them.
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

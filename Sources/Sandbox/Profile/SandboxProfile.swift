import OS

/// A policy file; nil is a key that is not set, and an empty list allows nothing.
public struct SandboxProfile: Sendable, Equatable {
    /// The network of commands, from none to all.
    public enum Network: String, Sendable, CaseIterable, Comparable {
        /// No network.
        case none
        /// Loopback only.
        case loopback
        /// Loopback, and listed hosts through a proxy.
        case hosts
        /// The network of the machine.
        case all

        /// Compares by reach; the narrower one is less.
        public static func < (one: Network, other: Network) -> Bool {
            allCases.firstIndex(of: one) ?? 0 < allCases.firstIndex(of: other) ?? 0
        }
    }

    /// Whether the working tree is writable.
    public var isTreeWritable: Bool?
    /// The network of commands.
    public var network: Network?
    /// The hosts for `Network.hosts`.
    public var hosts: [HostPattern]?
    /// Further writable paths; absolute, or with a leading `~/`.
    public var writablePaths: [String]?
    /// Further readable paths, of closed folders or hidden; absolute, or with a leading `~/`.
    public var readablePaths: [String]?
    /// Further hidden paths.
    public var hiddenPaths: [String] = []
    /// Further environment variables that pass; `FOO_*` is a prefix.
    public var variables: [String]?
    /// The resource limits of a command.
    public var limits = ResourceLimits()

    /// Makes a policy with no key set.
    public init() {}

    /// The intersection of both policies: never wider than either.
    ///
    /// Of allowed paths, hosts and variables remain those in both, where this policy sets them; hidden paths are
    /// joined; the smaller of each limit applies.
    public func narrowing(_ other: SandboxProfile) -> SandboxProfile {
        var result = other
        if isTreeWritable == false { result.isTreeWritable = false }
        if let network { result.network = min(network, other.network ?? .loopback) }
        if let hosts, other.network == .all {
            // The other policy allows all hosts, so that exactly these remain.
            result.hosts = hosts
            if network == nil { result.network = .hosts }
        } else if let hosts {
            result.hosts = hosts.filter { host in other.hosts?.contains { $0.covers(host) } == true }
        }
        if let readablePaths { result.readablePaths = other.readablePaths?.filter(readablePaths.containsPath) }
        if let writablePaths { result.writablePaths = other.writablePaths?.filter(writablePaths.containsPath) }
        if let variables { result.variables = other.variables?.filter(variables.contains) }
        result.hiddenPaths += hiddenPaths.filter { !other.hiddenPaths.containsPath($0) }
        result.limits = limits.narrowing(other.limits)
        return result
    }
}

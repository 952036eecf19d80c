/// What a policy file says; absent is what the file leaves open, and an empty list allows nothing.
public struct SandboxProfile: Sendable, Equatable {
    /// How far commands reach, from nowhere to everywhere.
    public enum Network: String, Sendable, CaseIterable, Comparable {
        /// Nothing can listen or connect.
        case none
        /// Programs of one command find each other.
        case loopback
        /// Loopback, and the hosts of the list through a proxy.
        case hosts
        /// The machine's own network.
        case all

        /// The narrower one is less.
        public static func < (one: Network, other: Network) -> Bool {
            allCases.firstIndex(of: one) ?? 0 < allCases.firstIndex(of: other) ?? 0
        }
    }

    /// Whether the working tree can be changed.
    public var isTreeWritable: Bool?
    /// How far commands reach.
    public var network: Network?
    /// The hosts for `Network.hosts`.
    public var hosts: [HostPattern]?
    /// Further paths that can be changed; absolute, or beginning with `~/`.
    public var writablePaths: [String]?
    /// Further paths that look empty.
    public var hiddenPaths: [String] = []
    /// Further environment variables that pass; `FOO_*` stands for all that begin so.
    public var variables: [String]?
    /// How much of the machine a command may take.
    public var limits = ResourceLimits()

    /// Says nothing.
    public init() {}

    /// This policy where it is narrower than another one's leave, and the other's where it is not: never wider than
    /// either.
    ///
    /// Lists of what is allowed are cut to what both allow, where this one has them; lists of what is hidden are joined;
    /// of each limit the smaller one holds.
    public func narrowing(_ other: SandboxProfile) -> SandboxProfile {
        var result = other
        if isTreeWritable == false { result.isTreeWritable = false }
        if let network { result.network = min(network, other.network ?? .loopback) }
        if let hosts, other.network == .all {
            // Who may go everywhere may go to these, and with them named, nowhere else.
            result.hosts = hosts
            if network == nil { result.network = .hosts }
        } else if let hosts {
            result.hosts = hosts.filter { host in other.hosts?.contains { $0.covers(host) } == true }
        }
        if let writablePaths { result.writablePaths = other.writablePaths?.filter(writablePaths.contains) }
        if let variables { result.variables = other.variables?.filter(variables.contains) }
        result.hiddenPaths += hiddenPaths.filter { !other.hiddenPaths.contains($0) }
        result.limits = limits.narrowing(other.limits)
        return result
    }
}

import OS

/// Rights beyond the session's policy.
public struct CommandRights: Sendable, Equatable {
    /// How far a command reaches.
    public enum Network: Sendable, Equatable {
        /// Loopback and these hosts.
        case hosts([HostPattern])
        /// The machine's own network.
        case all
    }

    /// The network; nil for no more than the policy allows.
    public var network: Network?
    /// Further writable paths; absolute, without links.
    public var writablePaths: [String]

    /// Makes rights.
    public init(network: Network? = nil, writablePaths: [String] = []) {
        self.network = network
        self.writablePaths = writablePaths
    }

    /// Whether there are no rights.
    public var isEmpty: Bool { network == nil && writablePaths.isEmpty }

    /// Whether these rights include the other ones.
    public func covers(_ other: CommandRights) -> Bool {
        let coversNetwork =
            switch (network, other.network) {
            case (_, nil), (.all, _): true
            case (nil, _), (.hosts, .all): false
            case (.hosts(let own), .hosts(let wanted)): wanted.allSatisfy { host in own.contains { $0.covers(host) } }
            }
        return coversNetwork
            && other.writablePaths.allSatisfy { path in writablePaths.contains { FilePath.isInside(path, $0) } }
    }

    /// Whether both have a right in common.
    public func overlaps(_ other: CommandRights) -> Bool {
        let sharesNetwork =
            switch (network, other.network) {
            case (nil, _), (_, nil): false
            case (.all, _), (_, .all): true
            case (.hosts(let own), .hosts(let wanted)): own.contains { host in wanted.contains { $0.overlaps(host) } }
            }
        return sharesNetwork
            || writablePaths.contains { own in
                other.writablePaths.contains { FilePath.isInside($0, own) || FilePath.isInside(own, $0) }
            }
    }
}

extension SandboxPolicy {
    /// The rights that the policy gives already.
    public var rights: CommandRights {
        let network: CommandRights.Network? =
            switch self.network {
            case .all: .all
            case .hosts(let hosts): .hosts(hosts)
            case .none, .loopback: nil
            }
        return CommandRights(network: network, writablePaths: writablePaths + (isTreeWritable ? [workingTree] : []))
    }

    /// Adds rights, and nothing else.
    public mutating func add(_ rights: CommandRights) {
        switch (rights.network, network) {
        case (nil, _), (_, .all): break
        case (.all, _): network = .all
        case (.hosts(let more), .hosts(let hosts)): network = .hosts(hosts + more)
        case (.hosts(let more), _): network = .hosts(more)
        }
        for path in rights.writablePaths {
            let isTree = FilePath.resolved(workingTree).map { FilePath.isSame(path, $0) } ?? false
            if isTree { isTreeWritable = true } else { writablePaths.append(path) }
        }
    }
}

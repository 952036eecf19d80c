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
    /// Further readable paths, of closed folders; absolute, without links.
    public var readablePaths: [String]

    /// Makes rights.
    public init(network: Network? = nil, writablePaths: [String] = [], readablePaths: [String] = []) {
        self.network = network
        self.writablePaths = writablePaths
        self.readablePaths = readablePaths
    }

    /// Whether there are no rights.
    public var isEmpty: Bool { network == nil && writablePaths.isEmpty && readablePaths.isEmpty }

    /// Whether these rights include the other ones.
    public func covers(_ other: CommandRights) -> Bool {
        let coversNetwork =
            switch (network, other.network) {
            case (_, nil), (.all, _): true
            case (nil, _), (.hosts, .all): false
            case (.hosts(let own), .hosts(let wanted)): wanted.allSatisfy { host in own.contains { $0.covers(host) } }
            }
        return coversNetwork
            && other.readablePaths.allSatisfy { path in
                // What can be changed can be read.
                (readablePaths + writablePaths).contains { FilePath.isInside(path, $0) }
            }
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
        func overlap(_ own: [String], _ others: [String]) -> Bool {
            own.contains { own in others.contains { FilePath.isInside($0, own) || FilePath.isInside(own, $0) } }
        }
        return sharesNetwork || overlap(writablePaths, other.writablePaths)
            || overlap(readablePaths, other.readablePaths + other.writablePaths)
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
        return CommandRights(
            network: network, writablePaths: writablePaths + (isTreeWritable ? [workingTree] : []),
            readablePaths: readablePaths)
    }

    /// Adds rights, and nothing else.
    public mutating func add(_ rights: CommandRights) {
        switch (rights.network, network) {
        case (nil, _), (_, .all): break
        case (.all, _): network = .all
        case (.hosts(let more), .hosts(let hosts)): network = .hosts(hosts + more)
        case (.hosts(let more), _): network = .hosts(more)
        }
        readablePaths += rights.readablePaths
        for path in rights.writablePaths {
            let isTree = FilePath.resolved(workingTree).map { FilePath.isSame(path, $0) } ?? false
            if isTree { isTreeWritable = true } else { writablePaths.append(path) }
        }
    }
}

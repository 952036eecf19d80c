import OS

extension SandboxProfile {
    /// What this policy allows beyond another one, as written in a file; empty if nothing.
    public func excess(over other: SandboxProfile) -> [String] {
        var excess: [String] = []
        if isTreeWritable == true, other.isTreeWritable == false { excess.append("working_tree = \"write\"") }
        let reach = other.network ?? .loopback
        if let network, network > reach { excess.append("network = \"\(network.rawValue)\"") }
        if reach != .all {
            let allowed = other.hosts ?? []
            excess += (hosts ?? []).filter { host in !allowed.contains { $0.covers(host) } }.map { "host \($0)" }
        }
        let (readable, paths, names) = (other.readablePaths ?? [], other.writablePaths ?? [], other.variables ?? [])
        excess += (readablePaths ?? []).filter { !readable.containsPath($0) }.map { "read \($0)" }
        excess += (writablePaths ?? []).filter { !paths.containsPath($0) }.map { "write \($0)" }
        excess += (variables ?? []).filter { !names.contains($0) }.map { "variable \($0)" }
        excess += limits.excess(over: other.limits)
        return excess
    }
}

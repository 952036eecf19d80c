extension SandboxProfile {
    /// What this policy asks for and another one does not allow, as it would stand in the file; empty if nothing.
    public func excess(over other: SandboxProfile) -> [String] {
        var excess: [String] = []
        if isTreeWritable == true, other.isTreeWritable == false { excess.append("working_tree = \"write\"") }
        let reach = other.network ?? .loopback
        if let network, network > reach { excess.append("network = \"\(network.rawValue)\"") }
        if reach != .all {
            excess += hosts.filter { host in !other.hosts.contains { $0.covers(host) } }.map { "host \($0)" }
        }
        excess += writablePaths.filter { !other.writablePaths.contains($0) }.map { "write \($0)" }
        excess += variables.filter { !other.variables.contains($0) }.map { "variable \($0)" }
        return excess
    }
}

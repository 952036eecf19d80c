import OS

/// The Unix sockets on which servers of this machine listen: agents, databases, container engines.
///
/// A read-only mount does not prevent connecting to a socket. Most are in folders that are private inside; the others
/// are hidden one by one. A socket that is made later is not hidden.
enum HostSockets {
    private static let limit = 200

    /// - Parameter folders: Folders in which commands may have made sockets themselves.
    static func paths(
        outside folders: [String], in resolver: PathResolver = PathResolver(),
        table: String? = FileContent.text("/proc/net/unix")
    ) -> [String] {
        var found: [String] = []
        for line in (table ?? "").split(separator: "\n").dropFirst() where found.count < limit {
            // Number, references, protocol, flags, type, state, inode, path (proc_net(5)); abstract ones begin with @.
            let fields = line.split(separator: " ", maxSplits: 7, omittingEmptySubsequences: true)
            guard fields.count == 8, fields[7].hasPrefix("/"), let real = resolver.resolved(String(fields[7])),
                !found.containsPath(real), !folders.contains(where: { FilePath.isInside(real, $0) })
            else { continue }
            found.append(real)
        }
        return found
    }
}

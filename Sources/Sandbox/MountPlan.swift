/// The mounts that make a policy true, parents before what lies in them.
///
/// Ordering by depth is what lets the more specific path win, wherever the working tree lies: a private `/tmp` comes
/// before a working tree below `/tmp`, and a secret inside the working tree comes after it.
struct MountPlan: Equatable {
    enum Kind: Int, Equatable {
        // In the order in which one wins over the other for the same path.
        case empty, hiddenFolder, hiddenFile, devices, processes, temporary, writable, readOnly, workingTree
    }

    struct Mount: Equatable {
        var path: String
        var kind: Kind
    }

    private(set) var mounts: [Mount] = []

    /// Orders the mounts wanted and leaves out those that change nothing.
    init(_ wanted: [Mount]) {
        var kinds: [String: Kind] = [:]
        for mount in wanted where (kinds[mount.path]?.rawValue ?? -1) < mount.kind.rawValue {
            kinds[mount.path] = mount.kind
        }
        let ordered = kinds.map { Mount(path: $0.key, kind: $0.value) }.sorted {
            ($0.depth, $0.path) < ($1.depth, $1.path)
        }
        for mount in ordered where !isRedundant(mount) {
            mounts.append(mount)
        }
    }

    /// Whether what is mounted above already has the same effect.
    ///
    /// Hiding something in an empty folder would create it there.
    private func isRedundant(_ mount: Mount) -> Bool {
        let above = mounts.last { mount.lies(in: $0) }?.kind ?? .readOnly
        switch mount.kind {
        case .readOnly: return above == .readOnly
        case .writable: return above == .writable || above == .workingTree
        case .hiddenFolder, .hiddenFile: return above.rawValue <= Kind.temporary.rawValue
        case .empty, .devices, .processes, .temporary, .workingTree: return false
        }
    }
}

extension MountPlan.Mount {
    var depth: Int { path.utf8.count { $0 == UInt8(ascii: "/") } }

    /// Compares by folders and not by characters: `/tmp2` does not lie in `/tmp`.
    func lies(in other: MountPlan.Mount) -> Bool {
        path.hasPrefix(other.path + "/")
    }
}

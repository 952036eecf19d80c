/// The mounts that make a policy true, parents before what lies in them.
///
/// Ordering by depth is what lets the more specific path win, wherever the working tree lies: a private `/tmp` comes
/// before a working tree below `/tmp`, and a secret inside the working tree comes after it.
struct MountPlan: Equatable {
    enum Kind: Int, Equatable {
        // In the order in which one wins over the other for the same path.
        case pinned, empty, socket, hiddenFolder, hiddenFile, devices, processes, temporary, writable, readOnly,
            overlay, lent, workingTree
    }

    struct Mount: Equatable {
        var path: String
        var kind: Kind
        /// Where what appears there lies; nil unless it is an overlay, lent, or a socket in one of these.
        var source: String?
        /// Where the changes to an overlay are kept; its kind is `overlay`, or what the working tree is.
        var store: String?
        /// Whether they are to outlive the machine's end.
        var isKept = false
    }

    private(set) var mounts: [Mount] = []

    /// Orders the mounts wanted and leaves out those that change nothing.
    init(_ wanted: [Mount]) {
        var winners: [String: Mount] = [:]
        for mount in wanted where (winners[mount.path]?.kind.rawValue ?? -1) < mount.kind.rawValue {
            winners[mount.path] = mount
        }
        for pin in wanted.flatMap({ Self.pins(above: $0, among: wanted) }) where winners[pin] == nil {
            winners[pin] = Mount(path: pin, kind: .pinned)
        }
        let ordered = winners.values.sorted {
            ($0.depth, $0.path) < ($1.depth, $1.path)
        }
        for mount in ordered where !isRedundant(mount) {
            mounts.append(mount)
        }
    }

    /// The folders between something protected and the writable one it lies in, each to be mounted on itself.
    ///
    /// A command cannot rename a mount point, but could rename a folder above it, and then find the path free and what
    /// was protected unprotected in the next command.
    private static func pins(above mount: Mount, among wanted: [Mount]) -> [String] {
        guard [.readOnly, .hiddenFolder, .hiddenFile].contains(mount.kind) else { return [] }
        let above = wanted.filter { mount.lies(in: $0) }.max { $0.depth < $1.depth }
        guard let above, [.writable, .workingTree, .overlay].contains(above.kind) else { return [] }
        let rest = mount.path.dropFirst(above.path.count + 1).split(separator: "/").dropLast()
        return rest.indices.map { "\(above.path)/\(rest[...$0].joined(separator: "/"))" }
    }

    /// Whether what is mounted above already has the same effect.
    ///
    /// Hiding something in an empty folder would create it there.
    private func isRedundant(_ mount: Mount) -> Bool {
        let above = mounts.last { mount.lies(in: $0) }?.kind ?? .readOnly
        switch mount.kind {
        case .readOnly: return above == .readOnly
        case .writable: return [.writable, .workingTree, .overlay, .pinned].contains(above)
        case .pinned: return ![.writable, .workingTree, .overlay, .pinned].contains(above)
        case .hiddenFolder, .hiddenFile, .socket: return above != .pinned && above.rawValue <= Kind.temporary.rawValue
        case .empty, .devices, .processes, .temporary, .overlay, .lent, .workingTree: return false
        }
    }
}

extension MountPlan {
    /// The overlays, which are made before the first command and shared by all.
    var overlays: [Mount] { mounts.filter { $0.store != nil } }

    /// Where the working tree is, if it is an overlay itself.
    var overlaidTree: String? { mounts.first { $0.store != nil && $0.kind != .overlay }?.path }

    /// The same with every overlay read-only, for where there are none.
    var withoutOverlays: MountPlan {
        var plan = self
        for position in plan.mounts.indices where plan.mounts[position].kind == .overlay {
            plan.mounts[position].kind = .lent
            plan.mounts[position].store = nil
        }
        return plan
    }
}

extension MountPlan.Mount {
    var depth: Int { path.utf8.count { $0 == UInt8(ascii: "/") } }

    /// Compares by folders and not by characters: `/tmp2` does not lie in `/tmp`.
    func lies(in other: MountPlan.Mount) -> Bool {
        path.hasPrefix(other.path + "/")
    }
}

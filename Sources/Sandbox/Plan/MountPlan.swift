import OS
import Text

/// The mounts of a policy, parents before their children.
///
/// The order by depth lets the more specific path win: a private `/tmp` is mounted before a working tree below `/tmp`,
/// and a secret inside the working tree is hidden after it.
struct MountPlan: Equatable {
    enum Kind: Int, Equatable {
        // In the order of precedence for the same path.
        case pinned, link, empty, closed, socket, hiddenFolder, hiddenFile, devices, processes, temporary, writable,
            readOnly,
            overlay, lent, workingTree
    }

    struct Mount: Equatable {
        var path: String
        var kind: Kind
        /// The source of the mount, or where a link leads; nil unless it is an overlay, lent, or a socket in one of
        /// these.
        var source: String?
        /// The path of what is mounted, if it is another than that of the mount: in a working tree that is shown
        /// elsewhere.
        var from: String?
        /// Where the changes to an overlay are kept; its kind is `overlay`, or that of the working tree.
        var store: String?
        /// Whether the changes must survive a crash of the machine.
        var isKept = false
        /// Whether nothing is mounted if the source is missing.
        var mayBeMissing = false
    }

    private(set) var mounts: [Mount] = []
    /// Folders of the working tree that are overlays or empty; commands see them with the tree, in which they lie.
    private(set) var masked: [MaskedFolder] = []

    /// Orders the mounts and leaves out redundant ones.
    ///
    /// - Parameter relocation: Where the working tree is shown; nil for its own path.
    init(_ wanted: [Mount], _ relocation: Relocation? = nil, masked: [MaskedFolder] = []) {
        self.masked = masked
        var winners: [BytePath: Mount] = [:]
        for mount in wanted where (winners[BytePath(mount.path)]?.kind.rawValue ?? -1) < mount.kind.rawValue {
            winners[BytePath(mount.path)] = mount
        }
        for pin in wanted.flatMap({ Self.pins(above: $0, among: wanted) }) where winners[BytePath(pin)] == nil {
            winners[BytePath(pin)] = Mount(path: pin, kind: .pinned, from: relocation?.source(pin))
        }
        let ordered = winners.sorted { ($0.value.depth, $0.key) < ($1.value.depth, $1.key) }
        for mount in ordered.map(\.value) where !isRedundant(mount) {
            mounts.append(mount)
        }
    }

    /// The folders between a protected path and the writable folder around it, each to be mounted on itself.
    ///
    /// A command cannot rename a mount point, but could rename a folder above it: the next command would find the path
    /// free and the content unprotected.
    private static func pins(above mount: Mount, among wanted: [Mount]) -> [String] {
        guard [.readOnly, .closed, .hiddenFolder, .hiddenFile].contains(mount.kind) else { return [] }
        let above = wanted.filter { mount.lies(in: $0) }.max { $0.depth < $1.depth }
        guard let above, [.writable, .workingTree, .overlay].contains(above.kind) else { return [] }
        // Both are text, so that each folder between them is.
        return BytePath(mount.path).parents.map(\.text).filter { FilePath.rest(of: $0, below: above.path) != nil }
    }

    /// Whether a mount above already has the same effect.
    ///
    /// Hiding something in an empty folder would create it there.
    private func isRedundant(_ mount: Mount) -> Bool {
        let around = mounts.last { mount.lies(in: $0) }
        let above = around?.kind ?? .readOnly
        // In a tree that is shown elsewhere there may be something else at the path.
        let isSame =
            around.map { around in
                FilePath.rest(of: mount.path, below: around.path).map { FilePath.isSame(mount.own, around.own + $0) }
                    == true
            } ?? true
        switch mount.kind {
        case .readOnly: return above == .readOnly && isSame
        case .writable: return [.writable, .workingTree, .overlay, .pinned].contains(above) && isSame
        case .pinned: return ![.writable, .workingTree, .overlay, .pinned].contains(above)
        case .link: return ![.closed, .hiddenFolder].contains(above)
        case .hiddenFolder, .hiddenFile, .socket: return above != .pinned && above.rawValue <= Kind.temporary.rawValue
        case .empty, .closed, .devices, .processes, .temporary, .overlay, .lent, .workingTree: return false
        }
    }
}

extension MountPlan {
    /// The overlays, made before the first command and shared by all.
    var overlays: [Mount] { mounts.filter { $0.store != nil } }

    /// Whether something is mounted before the first command.
    var hasOverlays: Bool { !masked.isEmpty || !overlays.isEmpty }

    /// The path of the working tree if it is an overlay.
    var overlaidTree: String? { mounts.first { $0.store != nil && $0.kind != .overlay }?.own }

    /// The same plan with read-only overlays, for kernels without writable ones.
    var withoutOverlays: MountPlan {
        var plan = self
        plan.masked = []
        for position in plan.mounts.indices where plan.mounts[position].kind == .overlay {
            plan.mounts[position].kind = .lent
            plan.mounts[position].store = nil
        }
        return plan
    }
}

extension MountPlan.Mount {
    /// The path of what is mounted.
    var own: String { from ?? path }
    var depth: Int { path.utf8.count { $0 == UInt8(ascii: "/") } }

    /// Compares whole names: `/tmp2` is not in `/tmp`.
    func lies(in other: MountPlan.Mount) -> Bool {
        FilePath.rest(of: path, below: other.path) != nil
    }
}

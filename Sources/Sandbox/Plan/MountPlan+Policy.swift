import Glibc
import OS

extension MountPlan {
    /// Finds which of the policy's paths exist, and their kinds.
    ///
    /// Links are resolved, because a mount point must not be a link. Paths that appear later are not covered.
    init(_ policy: SandboxPolicy) throws(SandboxError) {
        guard let tree = FilePath.resolved(policy.workingTree), FilePath.kind(tree) == .folder, tree != "/" else {
            throw SandboxError(.policy, "the working tree \(policy.workingTree) is not a folder")
        }
        let whole = policy.overlays.first { FilePath.isSame($0.path, tree) }
        guard !FilePath.isLink(tree + "/.git") else {
            throw SandboxError(
                .policy, "\(tree)/.git is a link, which a command could replace",
                nextStep: "put the folder itself there")
        }
        var wanted: [Mount] = [
            Mount(path: "/dev", kind: .devices), Mount(path: "/proc", kind: .processes),
            Mount(path: "/tmp", kind: .temporary),
        ]
        if whole == nil { wanted.append(Mount(path: tree, kind: policy.isTreeWritable ? .workingTree : .readOnly)) }
        for path in ["/run", "/var/tmp"] where FilePath.resolved(path) == path {
            wanted.append(Mount(path: path, kind: .empty))
        }
        wanted += Self.homes(policy)
        for path in policy.hiddenPaths {
            guard let real = FilePath.resolved(path), real != "/" else { continue }
            wanted.append(Mount(path: real, kind: FilePath.kind(real) == .folder ? .hiddenFolder : .hiddenFile))
        }
        for path in policy.writablePaths {
            guard let real = FilePath.resolved(path), real != "/" else { continue }
            wanted.append(Mount(path: real, kind: .writable))
            wanted += GrantedRepositories.folders(in: real)
                .filter { !policy.writablePaths.containsPath($0) }.map { Mount(path: $0, kind: .readOnly) }
        }
        let sockets = HostSockets.paths(outside: [tree] + policy.writablePaths)
        wanted += sockets.map { Mount(path: $0, kind: .socket) }
        if let whole { wanted += try Self.overlaid(whole, policy: policy, sockets: sockets) }
        for overlay in policy.overlays where whole == nil {
            guard let lower = FilePath.resolved(overlay.lower), FilePath.kind(lower) == .folder, policy.lends(lower)
            else { continue }
            guard let real = FilePath.resolved(overlay.path), FilePath.isSame(real, overlay.path),
                FilePath.rest(of: overlay.path, below: tree) != nil
            else {
                throw SandboxError(.policy, "\(overlay.path) is not a folder in the working tree")
            }
            let kind: Kind = overlay.store == nil ? .lent : .overlay
            wanted.append(Mount(path: overlay.path, kind: kind, source: lower, store: overlay.store))
            for socket in sockets {
                guard let rest = FilePath.rest(of: socket, below: lower) else { continue }
                wanted.append(Mount(path: overlay.path + rest, kind: .socket, source: socket))
            }
        }
        wanted = wanted.filter { !Self.isReplaced($0, by: policy.standIns) }
        wanted += policy.standIns.map {
            Mount(path: $0.path, kind: .lent, source: $0.source, mayBeMissing: $0.mayBeMissing)
        }
        wanted += Self.kernelSettings().map { Mount(path: $0, kind: .readOnly) }
        // The resolver's file and, on NixOS, all programs are links into /run.
        for path in policy.readOnlyPaths + [tree + "/.git", "/etc/resolv.conf", "/run/current-system"] {
            guard let real = FilePath.resolved(path), real != "/" else { continue }
            wanted.append(Mount(path: real, kind: .readOnly))
        }
        self.init(wanted)
    }

    /// Whether a stand-in leaves nothing at the path to be hidden.
    private static func isReplaced(_ mount: Mount, by standIns: [StandIn]) -> Bool {
        guard [.hiddenFolder, .hiddenFile, .socket].contains(mount.kind) else { return false }
        let around = standIns.filter { FilePath.rest(of: mount.path, below: $0.path) != nil }.max {
            $0.path.utf8.count < $1.path.utf8.count
        }
        guard let around, let rest = FilePath.rest(of: mount.path, below: around.path) else { return false }
        return FilePath.kind(around.source + rest) == nil
    }

    /// The working tree as an overlay; it is still empty, so that its `.git` is assumed to exist.
    private static func overlaid(
        _ tree: Overlay, policy: SandboxPolicy, sockets: [String]
    ) throws(SandboxError) -> [Mount] {
        guard let lower = FilePath.resolved(tree.lower), FilePath.kind(lower) == .folder, policy.lends(lower),
            let store = tree.store, !FilePath.isInside(store, lower), !FilePath.isInside(tree.path, lower)
        else {
            throw SandboxError(.policy, "\(tree.lower) cannot be the working tree of an overlay")
        }
        let kind: Kind = policy.isTreeWritable ? .workingTree : .readOnly
        let inside = sockets.compactMap { socket in
            FilePath.rest(of: socket, below: lower).map {
                Mount(path: tree.path + $0, kind: .socket, source: socket)
            }
        }
        let kept = policy.readOnlyPaths.filter { path in
            FilePath.rest(of: path, below: tree.path).map { FilePath.kind(lower + $0) != nil } ?? false
        }
        return [
            Mount(path: tree.path, kind: kind, source: lower, store: store, isKept: tree.isKept),
            Mount(path: tree.path + "/.git", kind: .readOnly),
        ] + kept.map { Mount(path: $0, kind: .readOnly) } + inside
    }

    /// Lists what root can write in a new `/proc` even without capabilities, and what would change the whole machine:
    /// all but the files of processes and of pressure.
    private static func kernelSettings() -> [String] {
        guard geteuid() == 0 else { return [] }
        var paths: [String] = []
        for name in FolderListing.names(in: "/proc") {
            var status = stat()
            guard !name.hasPrefix("."), name.first?.isNumber == false, name != "pressure",
                lstat("/proc/" + name, &status) == 0
            else { continue }
            let kind = status.st_mode & S_IFMT
            if kind == S_IFDIR || (kind == S_IFREG && status.st_mode & 0o200 != 0) { paths.append("/proc/" + name) }
        }
        return paths
    }
}

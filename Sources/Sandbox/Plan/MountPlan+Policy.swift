import Glibc
import OS
import Text

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
        let place = policy.relocation(tree)
        guard !place.isElsewhere || Self.canShow(place) else {
            throw SandboxError(.policy, "the working tree \(tree) cannot be shown at \(place.path)")
        }
        let paths = PathResolver()
        var wanted: [Mount] = [
            Mount(path: "/dev", kind: .devices), Mount(path: "/proc", kind: .processes),
            Mount(path: "/tmp", kind: .temporary),
        ]
        if whole == nil {
            let kind: Kind = policy.isTreeWritable ? .workingTree : .readOnly
            wanted.append(Mount(path: place.path, kind: kind, from: place.source(place.path)))
        }
        if place.isElsewhere { wanted.append(Mount(path: tree, kind: .hiddenFolder)) }
        for path in ["/run", "/var/tmp"] where paths.resolved(path) == path {
            wanted.append(Mount(path: path, kind: .empty))
        }
        wanted += Self.homes(policy, paths).filter { Self.isShown($0, place, policy) }
        wanted += policy.hiddenPaths.compactMap { Self.hidden($0, place, lower: whole?.lower, paths) }
        wanted += Self.granted(policy, place)
        let sockets = HostSockets.paths(outside: [tree] + policy.writablePaths, in: paths)
        // Those in the folder that the tree is shown at are not there.
        wanted += sockets.filter { place.source($0) == nil }.map { Mount(path: $0, kind: .socket) }
        if let whole { wanted += try Self.overlaid(whole, policy: policy, place, sockets: sockets) }
        for overlay in policy.overlays where whole == nil {
            guard let lower = FilePath.resolved(overlay.lower), FilePath.kind(lower) == .folder, policy.lends(lower)
            else { continue }
            guard let real = FilePath.resolved(overlay.path), FilePath.isSame(real, overlay.path),
                FilePath.rest(of: overlay.path, below: tree) != nil
            else {
                throw SandboxError(.policy, "\(overlay.path) is not a folder in the working tree")
            }
            // What the user lets commands change is shown as it is.
            let isGranted = policy.writablePaths.compactMap(FilePath.resolved).contains {
                place.source($0) != nil && !FilePath.isSame($0, place.path) && FilePath.isInside(lower, $0)
            }
            if isGranted { continue }
            let (kind, path): (Kind, String) = (overlay.store == nil ? .lent : .overlay, place.shown(overlay.path))
            wanted.append(
                Mount(path: path, kind: kind, source: lower, from: place.source(path), store: overlay.store))
            wanted += overlay.hiddenNames.map { Mount(path: "\(path)/\($0)", kind: .hiddenFile) }
            for socket in sockets {
                guard let rest = FilePath.rest(of: socket, below: lower) else { continue }
                wanted.append(Mount(path: path + rest, kind: .socket, source: socket))
            }
        }
        for folder in policy.maskedFolders {
            for socket in sockets where BytePath(socket).isBelow(folder.lower) {
                let inside = BytePath(socket).bytes.dropFirst(folder.lower.bytes.count)
                let path = BytePath(bytes: folder.path.bytes + inside).text
                wanted.append(Mount(path: place.shown(path), kind: .socket, source: socket))
            }
        }
        wanted += Self.kernelSettings().map { Mount(path: $0, kind: .readOnly) }
        // The resolver's file and, on NixOS, all programs are links into /run.
        for path in policy.readOnlyPaths + [tree + "/.git", "/etc/resolv.conf", "/run/current-system"] {
            guard let real = paths.resolved(path), real != "/" else { continue }
            if !FilePath.isInside(real, tree), place.source(real) != nil { continue }
            let path = place.shown(real)
            wanted.append(Mount(path: path, kind: .readOnly, from: place.source(path)))
        }
        wanted = wanted.filter { !Self.isReplaced($0, by: policy.standIns) }
        wanted += policy.standIns.map {
            Mount(path: $0.path, kind: .lent, source: $0.source, mayBeMissing: $0.mayBeMissing)
        }
        self.init(wanted, place, masked: policy.maskedFolders)
    }

    /// Whether a tree can be shown at another path, neither lying in the other.
    private static func canShow(_ place: Relocation) -> Bool {
        FilePath.resolved(place.path).map { FilePath.isSame($0, place.path) } == true
            && FilePath.kind(place.path) == .folder && place.path != "/"
            && !FilePath.isInside(place.path, place.tree) && !FilePath.isInside(place.tree, place.path)
    }

    /// Whether a part of a closed folder is shown: in place of a checkout there is the tree, but for what the user opens.
    private static func isShown(_ mount: Mount, _ place: Relocation, _ policy: SandboxPolicy) -> Bool {
        guard let own = place.source(mount.path) else { return true }
        // A file that the tree lacks has no place there.
        return (policy.readablePaths + policy.skillFolders).compactMap(FilePath.resolved).containsPath(mount.path)
            && !FilePath.isSame(mount.path, place.path)
            && (FilePath.kind(own) != nil || FilePath.kind(mount.path) == .folder)
    }

    /// Hides a path; in a tree that is shown there, what the tree has at it, if anything.
    ///
    /// - Parameter lower: The folder that an overlaid tree, which is empty outside, shows.
    private static func hidden(
        _ path: String, _ place: Relocation, lower: String?, _ paths: PathResolver
    ) -> Mount? {
        guard let real = paths.resolved(path), real != "/" else { return nil }
        let seen = lower == nil ? place.source(real) ?? real : real
        return paths.kind(seen).map { Mount(path: real, kind: $0 == .folder ? .hiddenFolder : .hiddenFile) }
    }

    /// The writable paths of the policy, with git's folders in them read-only.
    private static func granted(_ policy: SandboxPolicy, _ place: Relocation) -> [Mount] {
        var wanted: [Mount] = []
        for path in policy.writablePaths {
            guard let real = FilePath.resolved(path), real != "/" else { continue }
            let shown = place.shown(real)
            // A file that the tree lacks has no place there.
            if let own = place.source(shown), FilePath.kind(own) == nil, FilePath.kind(real) != .folder { continue }
            let from = FilePath.isInside(real, place.tree) ? place.source(shown) : nil
            wanted.append(Mount(path: shown, kind: .writable, from: from))
            wanted += GrantedRepositories.folders(in: real)
                .filter { !policy.writablePaths.containsPath($0) }
                .filter { place.source($0) == nil || FilePath.rest(of: real, below: place.path) != nil }
                .map { Mount(path: place.shown($0), kind: .readOnly, from: from == nil ? nil : $0) }
        }
        return wanted
    }

    /// Whether a stand-in leaves nothing at the path to be hidden or protected.
    private static func isReplaced(_ mount: Mount, by standIns: [StandIn]) -> Bool {
        guard [.hiddenFolder, .hiddenFile, .socket, .readOnly].contains(mount.kind) else { return false }
        let around = standIns.filter { FilePath.rest(of: mount.path, below: $0.path) != nil }.max {
            $0.path.utf8.count < $1.path.utf8.count
        }
        guard let around, let rest = FilePath.rest(of: mount.path, below: around.path) else { return false }
        return FilePath.kind(around.source + rest) == nil
    }

    /// The working tree as an overlay; it is still empty, so that its `.git` is assumed to exist.
    private static func overlaid(
        _ tree: Overlay, policy: SandboxPolicy, _ place: Relocation, sockets: [String]
    ) throws(SandboxError) -> [Mount] {
        guard let lower = FilePath.resolved(tree.lower), FilePath.kind(lower) == .folder, policy.lends(lower),
            let store = tree.store, !FilePath.isInside(store, lower), !FilePath.isInside(tree.path, lower)
        else {
            throw SandboxError(.policy, "\(tree.lower) cannot be the working tree of an overlay")
        }
        let kind: Kind = policy.isTreeWritable ? .workingTree : .readOnly
        let inside = sockets.compactMap { socket in
            FilePath.rest(of: socket, below: lower).map {
                Mount(path: place.path + $0, kind: .socket, source: socket)
            }
        }
        let kept = policy.readOnlyPaths.filter { path in
            FilePath.rest(of: path, below: tree.path).map { FilePath.kind(lower + $0) != nil } ?? false
        }
        let root = place.path
        return [
            Mount(
                path: root, kind: kind, source: lower, from: place.source(root), store: store, isKept: tree.isKept)
        ]
            + ([tree.path + "/.git"] + kept).map {
                Mount(path: place.shown($0), kind: .readOnly, from: place.isElsewhere ? $0 : nil)
            } + inside
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

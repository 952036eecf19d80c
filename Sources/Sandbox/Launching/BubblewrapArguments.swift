import OS

/// The command line of `bwrap` for one policy, built once and used for every command.
struct BubblewrapArguments: Sendable, Equatable {
    /// The descriptor numbers in `bwrap`, which passes on all but its own two, status and block.
    ///
    /// Plan and report have the numbers that Graft's launcher expects. The launcher's file comes as a descriptor
    /// because its path may be hidden inside.
    enum Descriptor {
        static let status: Int32 = 5
        static let block: Int32 = 6
        static let launcher: Int32 = 7
    }

    let arguments: [String]
    /// Sockets to hide if they exist when a command starts; `bwrap` cannot mount over a missing one.
    let sockets: [MountPlan.Mount]

    init(program: String, plan: MountPlan, temporaryFolder: String?, network: SandboxPolicy.Network = .loopback) {
        var built = [program]
        // No --uid: the user id stays the same, so that files in the working tree still belong to the user.
        built += ["--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts"]
        if network != .all { built.append("--unshare-net") }
        built += ["--die-with-parent", "--new-session", "--cap-drop", "ALL"]
        built += ["--json-status-fd", "\(Descriptor.status)", "--block-fd", "\(Descriptor.block)"]
        built += ["--ro-bind", "/", "/"]
        sockets = plan.mounts.filter { $0.kind == .socket }
        for mount in plan.mounts where mount.kind != .socket {
            built += Self.options(mount, temporaryFolder: temporaryFolder)
        }
        arguments = built
    }

    /// The whole command line for one command.
    func command(_ command: [String], directory: String) -> [String] {
        let hidden = sockets.filter { FilePath.kind($0.source ?? $0.path) != nil }
            .flatMap { ["--dev-bind", "/dev/null", $0.path] }
        return arguments + hidden + ["--", "/proc/self/fd/\(Descriptor.launcher)", "0", directory] + command
    }

    private static func options(_ mount: MountPlan.Mount, temporaryFolder: String?) -> [String] {
        switch mount.kind {
        case .devices: ["--dev", mount.path]
        case .processes: ["--proc", mount.path]
        case .empty, .closed: ["--tmpfs", mount.path]
        case .link: ["--symlink", mount.source ?? mount.path, mount.path]
        case .temporary: temporaryFolder.map { ["--bind", $0, mount.path] } ?? ["--tmpfs", mount.path]
        // Not writable, so that nothing written there is lost silently.
        case .hiddenFolder: ["--perms", "0555", "--tmpfs", mount.path]
        // An empty file to read; a plain bind would forbid opening a device.
        case .hiddenFile, .socket: ["--dev-bind", "/dev/null", mount.path]
        case .readOnly: ["--ro-bind", mount.own, mount.path]
        case .overlay, .lent:
            [mount.mayBeMissing ? "--ro-bind-try" : "--ro-bind", mount.source ?? mount.path, mount.path]
        case .writable, .workingTree, .pinned: ["--bind", mount.own, mount.path]
        }
    }
}

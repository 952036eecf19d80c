/// The command line of `bwrap` for one policy, built once and used for every command.
struct BubblewrapArguments: Sendable, Equatable {
    /// Numbers the launcher's own pipes have in `bwrap`, which does not pass them on to the command.
    enum Descriptor {
        static let status: Int32 = 3
        static let block: Int32 = 4
    }

    let arguments: [String]

    init(program: String, plan: MountPlan, temporaryFolder: String?, network: SandboxPolicy.Network = .loopback) {
        var built = [program]
        // No --uid: the user keeps the own number, so that files in the working tree still belong to them.
        built += ["--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts"]
        if network != .all { built.append("--unshare-net") }
        built += ["--die-with-parent", "--new-session", "--cap-drop", "ALL"]
        built += ["--json-status-fd", "\(Descriptor.status)", "--block-fd", "\(Descriptor.block)"]
        built += ["--ro-bind", "/", "/"]
        for mount in plan.mounts {
            built += Self.options(mount, temporaryFolder: temporaryFolder)
        }
        arguments = built
    }

    /// The whole command line for one command.
    func command(_ command: [String], directory: String) -> [String] {
        arguments + ["--chdir", directory, "--"] + command
    }

    private static func options(_ mount: MountPlan.Mount, temporaryFolder: String?) -> [String] {
        switch mount.kind {
        case .devices: ["--dev", mount.path]
        case .processes: ["--proc", mount.path]
        case .empty: ["--tmpfs", mount.path]
        case .temporary: temporaryFolder.map { ["--bind", $0, mount.path] } ?? ["--tmpfs", mount.path]
        // Not writable: what a command puts there would be lost without a word.
        case .hiddenFolder: ["--perms", "0555", "--tmpfs", mount.path]
        // An empty file to read; a plain bind would forbid opening a device.
        case .hiddenFile: ["--dev-bind", "/dev/null", mount.path]
        case .readOnly: ["--ro-bind", mount.path, mount.path]
        case .writable, .workingTree: ["--bind", mount.path, mount.path]
        }
    }
}

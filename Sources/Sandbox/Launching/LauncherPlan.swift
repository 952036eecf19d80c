import OS
import Text

/// The plan of Graft's launcher for one policy, written once and read by every launch.
struct LauncherPlan: Sendable {
    /// A sealed file in memory: fields that end with NUL, and an empty field at the end.
    let file: Descriptor

    /// The plan of a launch that runs a command.
    ///
    /// - Parameter rung: With `.landlock` no namespaces are made; with `.bubblewrap` the launcher runs inside and adds
    ///   what `bwrap` lacks.
    init(
        _ plan: MountPlan, policy: SandboxPolicy, temporaryFolder: String?, rung: Rung, cgroup: CommandCgroup?
    ) throws(LaunchFailure) {
        // With namespaces the fork server has joined the groups already.
        let cgroups = rung == .namespaces ? [] : cgroup?.folders ?? []
        var fields = Self.fields(plan, policy, temporaryFolder: temporaryFolder, rung: rung, cgroups: cgroups)
        // Without a control group the launcher watches the memory.
        if let memory = policy.limits.memory, cgroup?.holdsMemory != true {
            fields += ["watch-memory", "\(memory)"]
        }
        try self.init(fields)
    }

    /// The plan of the fork server.
    ///
    /// - Parameter isGuest: Whether overlays and user namespace belong to another sandbox.
    init(
        servingFor policy: SandboxPolicy, plan: MountPlan, cgroups: [String], isGuest: Bool
    ) throws(LaunchFailure) {
        var fields = ["serve"] + Self.network(policy) + Self.words(cgroups)
        if isGuest { fields.append("guest") }
        for mount in isGuest ? [] : plan.overlays {
            guard let store = mount.store, let source = mount.source else { continue }
            let word = mount.isKept ? "kept-overlay" : "overlay"
            fields += [word, source, "\(store)/upper", "\(store)/work", mount.own]
        }
        if !isGuest, let tree = plan.overlaidTree { fields += ["hand-out", tree] }
        let masked = isGuest ? [] : plan.masked
        let steps = masked.flatMap { folder in
            [BytePath("overlay"), folder.lower, BytePath(folder.store + "/upper"), BytePath(folder.store + "/work")]
                + [folder.path]
        }
        try self.init(bytes: fields.map { BytePath($0) } + steps)
    }

    private static func words(_ cgroups: [String]) -> [String] { cgroups.flatMap { ["cgroup", $0] } }

    private init(_ fields: [String]) throws(LaunchFailure) { try self.init(bytes: fields.map { BytePath($0) }) }

    private init(bytes fields: [BytePath]) throws(LaunchFailure) {
        var bytes: [UInt8] = []
        for field in fields + [""] { bytes += field.bytes + [0] }
        do throws(SystemError) { file = try Descriptor.sealed(bytes) } catch {
            throw LaunchFailure("cannot keep the sandbox's plan", error)
        }
    }

    private static func network(_ policy: SandboxPolicy) -> [String] {
        switch policy.network {
        case .none: ["no-loopback"]
        case .loopback: []
        case .hosts: ["bridge"]
        case .all: ["network"]
        }
    }

    static func fields(
        _ plan: MountPlan, _ policy: SandboxPolicy, temporaryFolder: String?, rung: Rung, cgroups: [String] = []
    ) -> [String] {
        var fields: [String] = []
        if rung == .landlock { fields.append("landlock-only") }
        if rung == .bubblewrap { fields.append("inside") }
        if policy.network == .all { fields.append("network") }
        fields += words(cgroups)
        for mount in plan.mounts { fields += step(mount, temporaryFolder: temporaryFolder, rung) }
        for (word, value) in policy.limits.words { fields += [word, "\(value)"] }
        return fields
    }

    private static func step(_ mount: MountPlan.Mount, temporaryFolder: String?, _ rung: Rung) -> [String] {
        let isLandlockOnly = rung == .landlock
        switch mount.kind {
        case .writable, .workingTree, .pinned:
            return mount.from.map { ["bind", $0, mount.path] } ?? ["writable", mount.path]
        case .temporary:
            guard let temporaryFolder else { return isLandlockOnly ? [] : ["empty", mount.path] }
            // Without mounts, programs find the folder through TMPDIR.
            return isLandlockOnly ? ["writable", temporaryFolder] : ["bind", temporaryFolder, mount.path]
        case .link:
            guard rung == .namespaces, let target = mount.source else { return [] }
            return ["link", target, mount.path]
        case .closed: return ["closed", mount.path]
        // The fork server has mounted them.
        case .overlay: return []
        case .lent:
            guard rung == .namespaces, let source = mount.source else { return [] }
            return [mount.mayBeMissing ? "bind-if-there" : "bind-read-only", source, mount.path]
        // With Landlock alone no socket can be made, so that none must be hidden.
        case .processes, .empty, .socket: return isLandlockOnly ? [] : [word(mount.kind), mount.path]
        case .readOnly: return mount.from.map { ["bind-read-only", $0, mount.path] } ?? ["read-only", mount.path]
        case .devices, .hiddenFolder, .hiddenFile: return [word(mount.kind), mount.path]
        }
    }

    private static func word(_ kind: MountPlan.Kind) -> String {
        switch kind {
        case .devices: "devices"
        case .processes: "processes"
        case .hiddenFolder: "hidden-folder"
        case .hiddenFile, .socket: "hidden-file"
        default: "empty"
        }
    }
}

extension ResourceLimits {
    /// The limits as words of the plan, with a core limit of one byte, so that no core file is written.
    ///
    /// With a limit of zero the kernel would pass the core to the machine's handler (core(5)).
    var words: [(String, Int)] {
        [
            ("limit-processes", processes), ("limit-address-space", addressSpace), ("limit-file-size", fileSize),
            ("limit-open-files", openFiles), ("limit-core-size", 1),
        ].compactMap { word, value in value.map { (word, $0) } }
    }
}

import Glibc

extension MountPlan {
    /// Reads from the file system which of the policy's paths exist, and what they are.
    ///
    /// Links are followed first, because a mount point must be no link. What appears later is not covered.
    init(_ policy: SandboxPolicy) throws(SandboxError) {
        guard let tree = FilePath.resolved(policy.workingTree), FilePath.kind(tree) == .folder, tree != "/" else {
            throw SandboxError(.policy, "the working tree \(policy.workingTree) is not a folder")
        }
        var wanted: [Mount] = [
            Mount(path: "/dev", kind: .devices), Mount(path: "/proc", kind: .processes),
            Mount(path: "/tmp", kind: .temporary), Mount(path: tree, kind: .workingTree),
        ]
        for path in ["/run", "/var/tmp"] where FilePath.resolved(path) == path {
            wanted.append(Mount(path: path, kind: .empty))
        }
        for path in policy.hiddenPaths {
            guard let real = FilePath.resolved(path), real != "/" else { continue }
            wanted.append(Mount(path: real, kind: FilePath.kind(real) == .folder ? .hiddenFolder : .hiddenFile))
        }
        for path in policy.writablePaths {
            guard let real = FilePath.resolved(path), real != "/" else { continue }
            wanted.append(Mount(path: real, kind: .writable))
        }
        wanted += Self.kernelSettings().map { Mount(path: $0, kind: .readOnly) }
        // The name resolver's file and, on NixOS, all programs are reached through /run.
        for path in policy.readOnlyPaths + [tree + "/.git", "/etc/resolv.conf", "/run/current-system"] {
            guard let real = FilePath.resolved(path), real != "/" else { continue }
            wanted.append(Mount(path: real, kind: .readOnly))
        }
        self.init(wanted)
    }

    /// Lists files of a new `/proc` that obey root even without capabilities, and would change the whole machine.
    private static func kernelSettings() -> [String] {
        guard geteuid() == 0 else { return [] }
        return ["sys", "sysrq-trigger", "acpi", "asound", "scsi"].map { "/proc/" + $0 }.filter {
            FilePath.kind($0) != nil
        }
    }
}

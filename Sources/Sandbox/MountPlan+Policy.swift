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
        // Their files obey the owner root even without capabilities, and a new /proc is not read-only.
        for path in ["sys", "sysrq-trigger", "fs", "scsi", "acpi", "asound", "driver", "mtrr"].map({ "/proc/" + $0 })
        where FilePath.kind(path) != nil {
            wanted.append(Mount(path: path, kind: .readOnly))
        }
        // The name resolver's file and, on NixOS, all programs are reached through /run.
        for path in policy.readOnlyPaths + [tree + "/.git", "/etc/resolv.conf", "/run/current-system"] {
            guard let real = FilePath.resolved(path), real != "/" else { continue }
            wanted.append(Mount(path: real, kind: .readOnly))
        }
        self.init(wanted)
    }
}

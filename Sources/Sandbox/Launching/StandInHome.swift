import Glibc
import OS

/// A home folder in the folder for temporary files, for the rung that cannot show a closed one at its path.
///
/// There, a file of the closed home that a program looks for by habit is not missing but forbidden, which many
/// programs, git among them, take as fatal. This one has links to what is shown, and commands may write to it.
struct StandInHome: Sendable {
    /// The folder.
    let path: String
    /// The home folder that it stands for, without links.
    private let home: String

    /// Makes the folder; nil if no home folder is closed, or it cannot be made.
    ///
    /// To one that is there only links are added: commands may have changed it, and may do so meanwhile.
    init?(_ policy: SandboxPolicy, plan: MountPlan) {
        guard let temporary = policy.temporaryFolder.flatMap(FilePath.resolved),
            let home = policy.closedFolders.first.flatMap(FilePath.resolved),
            plan.mounts.contains(where: { $0.kind == .closed && FilePath.isSame($0.path, home) })
        else { return nil }
        path = temporary + "/.home"
        self.home = home
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { return nil }
        let folder = Descriptor(open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC))
        guard folder.raw >= 0 else { return nil }
        let kinds: [MountPlan.Kind] = [.link, .readOnly, .writable, .workingTree]
        for mount in plan.mounts where kinds.contains(mount.kind) {
            guard let name = FilePath.rest(of: mount.path, below: home) else { continue }
            let target = mount.kind == .link ? mount.source ?? mount.path : mount.path
            Self.link(name, to: target, in: folder)
        }
        for standIn in policy.standIns {
            guard let name = FilePath.rest(of: standIn.path, below: home) else { continue }
            Self.link(name, to: standIn.source, in: folder)
        }
    }

    /// Never follows a link: a command could have put one there.
    private static func link(_ name: Substring, to target: String, in folder: borrowing Descriptor) {
        var names = FilePath.names(in: name)
        guard let last = names.popLast() else { return }
        var place = Descriptor(fcntl(folder.raw, F_DUPFD_CLOEXEC, 0))
        for name in names {
            mkdirat(place.raw, name, 0o700)
            place = Descriptor(openat(place.raw, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC))
        }
        // What lies in something that is linked already is there.
        symlinkat(target, place.raw, last)
    }

    /// The variables with this home folder; those that name something in the home folder name it here.
    func applied(to environment: SandboxEnvironment) -> SandboxEnvironment {
        guard let named = environment["HOME"], let real = FilePath.resolved(named), FilePath.isSame(real, home) else {
            return environment
        }
        var result = environment
        result["HOME"] = path
        for tool in HomeTool.all {
            guard let name = tool.variable, let value = environment[name],
                let rest = [named, home].lazy.compactMap({ FilePath.rest(of: value, below: $0) }).first
            else { continue }
            result[name] = path + rest
        }
        return result
    }
}

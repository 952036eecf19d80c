import Glibc
import OS
import Repository
import Sandbox
import Text

/// The submodules of a commit that the user has checked out, shown copy-on-write in a tree as the commit records them.
struct ShownSubmodules {
    /// What is said of them.
    private(set) var report = SubmoduleReport()
    /// Those that an overlay of the whole checkout shows.
    let choices: [Submodule.Choice]
    /// The changes of those that have an overlay of their own.
    private var layers: [BytePath: String] = [:]
    private let policy: SandboxPolicy

    /// The most overlays; each costs every command about 10 µs.
    private static let limit = 256

    /// Looks at the submodules of a commit.
    ///
    /// - Throws: `RepositoryError` if the commit cannot be read.
    init(of commit: CommitID, in repository: GitRepository, policy: SandboxPolicy) throws(RepositoryError) {
        self.policy = policy
        choices = try repository.submodules(of: commit, ignoring: ByProducts.patterns).map {
            Self.choose($0, policy)
        }
        for choice in choices { report.note(choice.submodule) }
    }

    private static func choose(_ submodule: Submodule, _ policy: SandboxPolicy) -> Submodule.Choice {
        guard let root = String(validating: submodule.root.bytes, as: UTF8.self) else {
            return Submodule.Choice(submodule, shown: [], hidden: [])
        }
        let work = UncommittedWork(tree: nil, skipped: [], ignoredFolders: submodule.ignoredFolders)
        let ignored = IgnoredFolders(work, of: root, policy: policy, limit: .max)
        return Submodule.Choice(submodule, shown: ignored.names, hidden: ignored.secretFiles)
    }

    /// Prepares their layers of changes, for a tree that is written out.
    ///
    /// - Parameters:
    ///   - root: The tree's root, links resolved.
    ///   - store: A folder on the same file system that commands do not see; made when needed.
    mutating func lend(to root: String, store: String) -> [MaskedFolder] {
        var folders: [MaskedFolder] = []
        for choice in choices where choice.submodule.obstacle == nil {
            let submodule = choice.submodule
            if folders.count == Self.limit {
                report.leaveEmpty(submodule, "there are too many")
                continue
            }
            guard policy.lends(submodule.root) else {
                report.leaveEmpty(submodule, "it holds what commands may not see")
                continue
            }
            let place = "\(store)/submodule-\(folders.count)"
            do {
                let upper = try Self.makeStore(place, in: store)
                try choice.prepare(upper)
                layers[submodule.path] = upper
                folders.append(
                    MaskedFolder(lower: submodule.root, path: BytePath(root).appending(submodule.path), store: place))
            } catch {
                // A clean-up removes what cannot be removed now.
                try? FolderRemoval.remove(place)
                report.leaveEmpty(submodule, (error as? RepositoryError)?.message ?? "\(error)")
            }
        }
        return folders
    }

    /// Makes the folders of an overlay; returns that of the changes.
    private static func makeStore(_ place: String, in store: String) throws(SystemError) -> String {
        // What an earlier run has changed there is in no commit, and its work folder belongs to an earlier mount.
        if access(place, F_OK) == 0 { try FolderRemoval.remove(place) }
        for folder in [store, place, place + "/upper", place + "/work"] {
            guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw SystemError("make \(folder)") }
        }
        return place + "/upper"
    }

    /// Takes note of how a sandbox shows what was lent to it, and names from now on what commands change there.
    ///
    /// - Throws: `RepositoryError` if the changes cannot be looked at.
    mutating func settle(_ sandbox: Sandbox, _ files: WorkingTree) throws(RepositoryError) {
        switch sandbox.overlaySupport {
        case .writable: break
        case .readOnly(let reason), .missing(let reason):
            for choice in choices where layers[choice.submodule.path] != nil {
                report.leaveEmpty(choice.submodule, nil)
            }
            if !layers.isEmpty { report.obstacle = reason }
            layers = [:]
        }
        try files.watch(choices.map(\.submodule), layers: layers)
    }
}

extension SandboxPolicy {
    fileprivate func lends(_ folder: BytePath) -> Bool {
        hiddenPaths.lazy.compactMap(FilePath.resolved).map { BytePath($0) }.allSatisfy {
            $0 != folder && !$0.isBelow(folder) && !folder.isBelow($0)
        }
    }
}

import CBeneath
import CGit
import Glibc
import OS
import Patching
import Text

/// What makes the user's files of a submodule those of the recorded commit, and nothing more.
struct SubmoduleContent {
    /// A file that is not as recorded, with what the commit has.
    struct Restored {
        let path: TreePath
        let file: StoredFile
        let mode: UInt16
    }

    /// The user's files.
    let folder: RootedFolder
    /// The files of the recorded commit.
    let index: CachedIndex
    let rules: IgnoreRules
    let difference: Submodule.Difference?
    /// What the commit lacks or nobody may see: `.git`, untracked and ignored files.
    let gone: [TreePath]
    /// Folders that git ignores.
    let ignored: [TreePath]
    let restored: [Restored]
    let inner: [Submodule]

    /// Reads a submodule; nil if it is not checked out.
    ///
    /// Fails if it cannot be shown as recorded; the message is a clause that says why.
    ///
    /// - Parameters:
    ///   - path: Its path in the checkout around it.
    ///   - place: Its whole path.
    init?(
        _ path: TreePath, in checkout: RootedFolder, at place: BytePath, recorded: CommitID,
        environment: [String: String], ignoring own: [[UInt8]]
    ) throws(RepositoryError) {
        let descriptor = checkout.open(path.cString, Int32(BENEATH_PATH_ONLY) | O_DIRECTORY, links: .none)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            let isLink = errno == ELOOP || errno == ENOTDIR
            throw isLink
                ? Self.refusal("there is a link or a file in its place") : systemError("open the folder \"\(path)\"")
        }
        defer { close(descriptor) }
        folder = try RootedFolder(copying: descriptor, root: place.text)
        guard try folder.state(of: Self.gitFolder) != nil else { return nil }
        let module = try Self.open(place, in: folder, environment: environment)
        index = try CachedIndex(of: module.handle)
        let head = try module.head.commit
        do throws(RepositoryError) {
            try index.read(try module.treeID(of: recorded), from: module.pointer)
        } catch {
            throw Self.refusal("the recorded commit \(recorded.hex.prefix(10)) is not there: git submodule update")
        }
        let command = GitCommand(
            gitDirectory: module.gitDirectory, workTree: module.workingDirectory, environment: environment)
        let filters = ContentFilters(module.handle, command: command, storesNothing: true)
        rules = module.ignoreRules(for: folder, index: index, own: own)
        var scan = TreeScan(
            root: folder, index: index, filters: filters, rules: rules, repository: module.pointer, untrackedLimit: 0,
            trustsMode: module.isConfigured("core.fileMode", default: true))
        try scan.run()
        var gone = [Self.gitFolder] + scan.leftOut
        var restored: [Restored] = []
        for finding in scan.findings {
            if let entry = index.position(of: finding.path.cString).flatMap(index.entry)?.pointee {
                if filters.needsProgram(finding.path) {
                    throw Self.refusal("\"\(finding.path)\" is not as recorded, and a filter would have to restore it")
                }
                let file = try filters.file(entry, at: finding.path)
                restored.append(Restored(path: finding.path, file: file, mode: UInt16(entry.mode)))
            } else {
                gone.append(finding.path)
            }
        }
        for skipped in scan.skipped where index.position(of: skipped.path.cString) != nil {
            throw Self.refusal("\(skipped)")
        }
        inner = index.submodules(in: folder, at: place, environment: environment, ignoring: own)
        var ignored = scan.ignoredFolders
        for inner in inner {
            let at = TreePath(found: inner.path.cString)
            if let content = inner.content {
                gone += content.gone.map(at.appending)
                ignored += content.ignored.map(at.appending)
                restored += content.restored.map {
                    Restored(path: at.appending($0.path), file: $0.file, mode: $0.mode)
                }
            } else if try folder.state(of: at) != nil {
                // One that cannot be shown is not there, whatever is in its place.
                gone.append(at)
            }
        }
        let isChanged = !scan.findings.isEmpty || scan.skipped.contains { $0.reason.isWork }
        difference = head != recorded ? .commit(head) : isChanged ? .uncommitted : nil
        (self.gone, self.ignored, self.restored) = (gone, ignored, restored)
    }

    private static let gitFolder = TreePath(found: TreeScan.gitFolder)

    private static func refusal(_ reason: String) -> RepositoryError { RepositoryError(.unsupported, reason) }

    /// Opens the repository of a submodule; fails if its `.git` leads to one with another working tree.
    private static func open(
        _ place: BytePath, in folder: RootedFolder, environment: [String: String]
    ) throws(RepositoryError) -> GitRepository {
        let module = try GitRepository(at: place, environment: environment)
        var (own, other) = (stat(), stat())
        guard fstat(folder.descriptor, &own) == 0, let root = git_repository_workdir(module.pointer),
            stat(root, &other) == 0, own.st_dev == other.st_dev, own.st_ino == other.st_ino
        else { throw refusal("its .git leads to another working tree") }
        return module
    }
}

extension SkippedFile.Reason {
    /// Whether git would take it for the user's work.
    fileprivate var isWork: Bool {
        switch self {
        case .special: false
        default: true
        }
    }
}

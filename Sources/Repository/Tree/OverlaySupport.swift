import CBeneath
import CGit
import Glibc
import Text

extension GitRepository {
    /// The number of files in the index, from its header (gitformat-index(5)); nil without an index.
    public var trackedFileCount: Int? {
        let file = open("\(gitDirectory)/index", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var head = [UInt8](repeating: 0, count: 12)
        guard read(file, &head, 12) == 12, head.starts(with: Array("DIRC".utf8)) else { return nil }
        return head[8...].reduce(0) { $0 << 8 | Int($1) }
    }

    /// Why the checkout cannot be overlaid, as a clause; nil if nothing visible from outside prevents it.
    ///
    /// The kernel copies up only files of a mapped owner, which is the user alone. An overlay does not include other
    /// file systems. Conversions by programs need a path to the tree.
    ///
    /// - Parameter commit: The commit at which the session starts.
    /// - Throws: `notFound` if the commit is missing, `library` if its files cannot be read.
    public func obstacleToOverlay(
        startingAt commit: CommitID, _ work: UncommittedWork
    ) throws(RepositoryError) -> String? {
        if isPartialClone { return "a partial clone may lack files" }
        if work.skipped.contains(where: { $0.reason == .unreadable }) { return "some files cannot be read" }
        if isConfigured("core.autocrlf", default: false) { return "core.autocrlf converts files" }
        if configuredPath("core.attributesFile") != nil { return "core.attributesFile may convert files" }
        if access("\(commonDirectory)/info/attributes", F_OK) == 0 { return "info/attributes may convert files" }
        guard let index = try? CachedIndex(path: "\(gitDirectory)/index") else { return "its index is split or sparse" }
        try index.read(try treeID(of: commit), from: pointer)
        let table = FolderTable(index)
        for path in table.paths(named: OverlaidLayer.attributesFile) {
            guard let entry = index.position(of: path).flatMap(index.entry) else { continue }
            if let word = Self.conversion(in: try contents(of: entry.pointee.id, "attributes")) {
                return "the attribute \(word) converts files"
            }
        }
        for entry in table.entries {
            if entry.pointee.isSubmodule {
                let path = TreePath(found: BytePath(cString: entry.pointee.path).cString)
                if try isElsewhere(path) { return "the submodule \(path) lies on another file system" }
            } else if entry.pointee.isLeftAlone {
                return "its index has files that are not to be looked at"
            }
        }
        guard let foreign = work.foreignFolders.first else { return nil }
        let place = foreign.path.bytes.isEmpty ? "its root" : "\(foreign)"
        return "not all files belong to you and your group, or lie on its file system (in \(place))"
    }

    /// Whether a folder of the checkout lies on another file system.
    private func isElsewhere(_ path: TreePath) throws(RepositoryError) -> Bool {
        let root = try RootedFolder(workingDirectory)
        var state = stat()
        // What is behind a link is not shown.
        guard fstat(root.descriptor, &state) == 0, let own = (try? root.state(of: path)) ?? nil else { return false }
        return own.st_dev != state.st_dev
    }

    /// The first attribute in an attributes file that makes files on disk differ from those of the commit.
    private static func conversion(in text: [UInt8]) -> String? {
        String(decoding: text, as: UTF8.self).split(whereSeparator: \.isWhitespace).map(String.init).first { word in
            word == "ident" || word == "eol=crlf" || word == "crlf" || word.hasPrefix("[attr]")
                || word.hasPrefix("filter=") || word.hasPrefix("working-tree-encoding=")
        }
    }
}

/// The state of the user's checkout at one moment, to compare with a later one.
///
/// Times, sizes and inodes of the files of a commit and of their folders: every change there, even one that is
/// reverted, leaves another state. Ignored folders are not included.
public struct CheckoutState: Sendable, Equatable {
    private let marks: [FileMark?]

    /// Reads the state; nil if something has changed so recently that a further change could leave no trace.
    init?(of table: FolderTable, root: RootedFolder) {
        let now = timespec.now
        var marks: [FileMark?] = []
        marks.reserveCapacity(table.entries.count + table.folders.count)
        for folder in table.folders {
            let descriptor = root.open(folder.cString, Int32(BENEATH_PATH_ONLY) | O_DIRECTORY, links: .none)
            defer { if descriptor >= 0 { close(descriptor) } }
            var state = stat()
            guard descriptor >= 0, fstat(descriptor, &state) == 0 else {
                marks.append(nil)
                continue
            }
            if state.isRecent(at: now) { return nil }
            marks.append(FileMark(state))
            for position in table.files[folder.files] {
                let name = table.entries[Int(position)].pointee.path + folder.length
                if fstatat(descriptor, name, &state, AT_SYMLINK_NOFOLLOW) != 0 {
                    marks.append(nil)
                } else if state.isRecent(at: now) {
                    return nil
                } else {
                    marks.append(FileMark(state))
                }
            }
        }
        self.marks = marks
    }
}

extension WorkingTree {
    /// The current state of the user's checkout, as far as it concerns this tree's files.
    ///
    /// - Throws: `system` if the checkout cannot be opened.
    public func checkoutState() throws(RepositoryError) -> CheckoutState? {
        CheckoutState(of: FolderTable(index), root: try RootedFolder(repository.workingDirectory))
    }
}

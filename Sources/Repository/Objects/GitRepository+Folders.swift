import CGit
import Glibc
public import Text

/// One name in a folder of a commit.
public struct CommittedEntry: Sendable, Hashable {
    /// What stands there.
    public enum Kind: Sendable {
        case folder, file, link
        /// A submodule, of which the commit holds nothing.
        case submodule
    }

    /// The name.
    public let name: BytePath
    /// What stands there.
    public let kind: Kind
}

extension GitRepository {
    /// So many links are followed on the way to a path.
    private static let mostLinks = 20

    /// Where a path leads in a commit, with links followed that stay in the tree; nil if it leads out or nothing is
    /// there.
    ///
    /// - Throws: `RepositoryError` for what cannot be read.
    public func place(followingLinks path: BytePath, in commit: CommitID) throws(RepositoryError) -> BytePath? {
        let tree = try treeID(of: commit)
        var (rest, place, links) = (path.names[...], [BytePath](), 0)
        while let name = rest.popFirst() {
            if name == "." { continue }
            if name == ".." {
                guard place.popLast() != nil else { return nil }
                continue
            }
            let next = (place + [name]).reduce("" as BytePath) { $0.appending($1) }
            guard let entry = try entry(at: TreePath(next), in: tree) else { return nil }
            guard entry.mode == 0o120000 else {
                place.append(name)
                continue
            }
            links += 1
            let target = BytePath(bytes: try contents(of: entry.oid, "the link \(next)"))
            guard links <= Self.mostLinks, target.bytes.first != UInt8(ascii: "/") else { return nil }
            rest = (target.names + rest)[...]
        }
        return place.reduce("" as BytePath) { $0.appending($1) }
    }

    /// The names in a folder of a commit, by their bytes; nil if no folder is there. Links are not followed.
    ///
    /// - Throws: `RepositoryError` for what cannot be read.
    public func entries(of folder: BytePath, in commit: CommitID) throws(RepositoryError) -> [CommittedEntry]? {
        let root = try treeID(of: commit)
        var oid = root.oid
        if !folder.bytes.isEmpty {
            guard let entry = try entry(at: TreePath(folder), in: root), entry.mode == 0o040000 else { return nil }
            oid = entry.oid
        }
        var found: OpaquePointer?
        try check(git_tree_lookup(&found, pointer, &oid), "read the folder \"\(folder)\"")
        let tree = try unwrap(found, "tree")
        defer { git_tree_free(tree) }
        var entries: [CommittedEntry] = []
        for index in 0..<git_tree_entrycount(tree) {
            guard let entry = git_tree_entry_byindex(tree, index), let name = git_tree_entry_name(entry) else {
                continue
            }
            let kind: CommittedEntry.Kind =
                switch git_tree_entry_filemode(entry).rawValue {
                case 0o040000: .folder
                case 0o120000: .link
                case 0o160000: .submodule
                default: .file
                }
            entries.append(
                CommittedEntry(
                    name: BytePath(bytes: UnsafeRawBufferPointer(start: name, count: strlen(name))), kind: kind))
        }
        return entries
    }

    /// The paths of all files, links and submodules of a commit, in no particular order.
    ///
    /// - Throws: `RepositoryError` for what cannot be read.
    public func files(of commit: CommitID) throws(RepositoryError) -> [BytePath] {
        var (found, open): ([BytePath], [BytePath]) = ([], [""])
        while let folder = open.popLast() {
            for entry in try entries(of: folder, in: commit) ?? [] {
                let path = folder.appending(entry.name)
                if entry.kind == .folder { open.append(path) } else { found.append(path) }
            }
        }
        return found
    }
}

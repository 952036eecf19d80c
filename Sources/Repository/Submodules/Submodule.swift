import CGit
import Glibc
public import Text

/// A submodule that a commit records, and what the user has checked out of it.
///
/// It is shown as the commit records it: what is in no commit must not decide whether a command passes. Its `.git`, which
/// leads to settings and their secrets, and the files that git ignores are not shown.
public struct Submodule {
    /// Why nothing of it can be shown.
    public enum Obstacle: Sendable, Hashable {
        /// The user has not checked it out.
        case notCheckedOut
        /// Another reason, as a clause.
        case other(String)
    }

    /// How the user's files differ from the recorded commit.
    public enum Difference: Sendable, Hashable {
        /// Another commit is checked out; nil for none.
        case commit(CommitID?)
        /// There are changes that are in no commit.
        case uncommitted
    }

    /// Its folder, relative to the root of the tree.
    public let path: BytePath
    /// Its folder in the user's checkout.
    public let root: BytePath
    /// The commit of it that is recorded.
    public let recorded: CommitID
    /// Why nothing of it can be shown; nil if it can.
    public let obstacle: Obstacle?
    /// How the user's files differ; nil if they do not, or cannot be shown.
    public var difference: Difference? { content?.difference }
    /// The submodules in it that are recorded in turn, theirs included; their paths begin in it.
    public var inner: [Submodule] { content?.inner ?? [] }
    /// Its ignored folders, those of submodules in it included, relative to its folder; those whose names are UTF-8.
    public var ignoredFolders: [String] { content?.ignored.compactMap(\.utf8) ?? [] }

    let content: SubmoduleContent?

    /// Looks at a submodule of an index.
    ///
    /// - Parameters:
    ///   - checkout: The folder in which the path begins.
    ///   - folder: Its path.
    init(
        _ entry: git_index_entry, in checkout: RootedFolder, at folder: BytePath, environment: [String: String],
        ignoring rules: [[UInt8]]
    ) {
        path = BytePath(cString: entry.path)
        root = folder.appending(path)
        recorded = CommitID(entry.id)
        do throws(RepositoryError) {
            content = try SubmoduleContent(
                TreePath(found: path.cString), in: checkout, at: root, recorded: recorded, environment: environment,
                ignoring: rules)
            obstacle = content == nil ? .notCheckedOut : nil
        } catch {
            content = nil
            obstacle = .other(error.message)
        }
    }
}

extension GitRepository {
    /// The submodules that a commit records, ordered by path.
    ///
    /// - Parameter rules: Names that count as ignored everywhere, in the form of .gitignore.
    /// - Throws: `notFound` if the commit is missing, `library` if its files cannot be listed.
    public func submodules(of commit: CommitID, ignoring rules: [String]) throws(RepositoryError) -> [Submodule] {
        // If libgit2 cannot read the index, the commit is read alone.
        var known = try? CachedIndex(path: "\(gitDirectory)/index")
        if known == nil { known = try CachedIndex(path: "\(gitDirectory)/graft-no-such-index") }
        let index = try unwrap(known, "index")
        try index.read(try treeID(of: commit), from: pointer)
        return index.submodules(
            in: try RootedFolder(workingDirectory), at: BytePath(workingDirectory), environment: environment,
            ignoring: rules.map { Array($0.utf8) })
    }
}

extension CachedIndex {
    func submodules(
        in folder: RootedFolder, at path: BytePath, environment: [String: String], ignoring rules: [[UInt8]]
    ) -> [Submodule] {
        (0..<count).compactMap { position in
            guard let entry = entry(position)?.pointee, entry.isSubmodule else { return nil }
            return Submodule(entry, in: folder, at: path, environment: environment, ignoring: rules)
        }
    }
}

extension git_index_entry {
    var isSubmodule: Bool { mode == 0o160000 }
}

extension TreePath {
    /// The path as text; nil if it is not UTF-8.
    var utf8: String? { String(validating: bytes, as: UTF8.self) }

    /// The path of something in this folder.
    func appending(_ path: TreePath) -> TreePath {
        TreePath(found: cString.dropLast() + [CChar(UInt8(ascii: "/"))] + path.cString)
    }
}

import Glibc
import OS

extension GitRepository {
    /// Opens the linked working tree of a session again, or makes it anew where it is gone or was never whole.
    ///
    /// - Parameters:
    ///   - path: Where it is, or is to be; the parent must exist.
    ///   - reference: The full name of the session's reference, which must exist.
    /// - Returns: The tree, and whether it is the one that an earlier process has left, with what that did not commit.
    /// - Throws: `notOurs` for a tree whose `.git` file has been changed; otherwise as `addWorkingTree`.
    public func reopenWorkingTree(
        at path: String, reference: String
    ) throws(RepositoryError) -> (tree: WorkingTree, isLeft: Bool) {
        guard let head = try target(of: reference) else {
            throw RepositoryError(.notFound, "there is no reference \(reference)")
        }
        if try isWhole(path) {
            return (try WorkingTree(linkedAt: path, of: self, reference: reference), true)
        }
        try link(path, headLine: head.hex, head)
        return (try WorkingTree(linkedAt: path, of: self, reference: reference), false)
    }

    /// Whether a tree that Graft has made is there as a whole; one that is not is removed, and so are the locks of a
    /// process that died.
    ///
    /// - Throws: `notOurs` if its `.git` file has been changed, `system` where the system refuses.
    public func isWhole(_ path: String, isOverlay: Bool = false) throws(RepositoryError) -> Bool {
        let root = FilePath.resolved(path) ?? path
        guard try ownWorkingTrees().contains(root) else { return false }
        let place = try ownWorkingTree(at: path, needsGitFile: false)
        // What is still marked as being made has never been used.
        let isMade = access("\(place.administration)/locked", F_OK) != 0
        guard isMade, isOverlay || access("\(place.root)/.git", F_OK) == 0 else {
            if access(place.root, F_OK) == 0 { try removeFolder(place.root) }
            try removeFolder(place.administration)
            return false
        }
        for name in ["index.lock", "HEAD.lock"] { unlink("\(place.administration)/\(name)") }
        return true
    }

    /// Removes the locks that a process which died has left on references (full names) of Graft's own; whoever calls
    /// this is the only process at work on them.
    ///
    /// - Throws: `notOurs` for any other reference.
    public func removeLocks(of references: [String]) throws(RepositoryError) {
        for name in references {
            guard name.hasPrefix("refs/graft/") || name.hasPrefix("refs/heads/graft/") else {
                throw RepositoryError(.notOurs, "refused to unlock \(name), which is not Graft's")
            }
            unlink("\(commonDirectory)/\(name).lock")
        }
    }

    /// Whether the last movement of a branch (short name) was Graft's, with these words (git-reflog(1)).
    ///
    /// False where no log is kept.
    public func wasMovedLast(_ branch: String, why: String, to commit: CommitID) throws(RepositoryError) -> Bool {
        guard let log = try Self.file("\(commonDirectory)/logs/refs/heads/\(branch)"),
            let line = log.split(separator: 0x0A).last
        else { return false }
        let text = String(decoding: line, as: UTF8.self)
        let isThere = text.split(separator: " ").dropFirst().first == Substring(commit.hex)
        return isThere && text.hasSuffix("\tgraft: \(why)")
    }
}

import CGit
import Glibc

extension GitRepository {
    /// Moves the user's checkout from the commit of HEAD to another: files, index, then the branch that is checked out,
    /// or a detached HEAD itself.
    ///
    /// Only the files that differ are changed, and only if index and disk have them as HEAD does. Other uncommitted
    /// work stays. Fails, with everything as it was, with `uncommitted` (naming files), `unfinished` (during a merge or
    /// the like), `locked`, `conflicts`, `referenceMoved`, or `unsupported` (a submodule). The branch moves last;
    /// `mendCheckout` repairs the checkout after a crash before that.
    ///
    /// - Parameter old: The commit that HEAD is at; nil before the first commit.
    public func moveCheckout(from old: CommitID?, to new: CommitID, why: String) throws(RepositoryError) {
        let name = try movableHead(at: old)
        let oldTree = try tree(of: old)
        let newTree = try treeID(of: new)
        let changes = try CheckoutChange.between(oldTree, newTree, in: self)
        if let submodule = changes.first(where: \.isSubmodule) {
            throw RepositoryError(
                .unsupported, "\"\(submodule.path)\" is a submodule, which Graft leaves alone",
                nextStep: "use git cherry-pick")
        }
        let moveBranch = { () throws(RepositoryError) in
            try self.moveReference(name, from: old, to: new, why: why)
        }
        if changes.isEmpty {
            try moveBranch()
        } else if try needsGit(changes) {
            let update = try GitCheckoutUpdate(changes, from: oldTree, to: newTree, in: self)
            try update.run()
            do throws(RepositoryError) { try moveBranch() } catch {
                try update.undo()
                throw error
            }
        } else {
            try CheckoutUpdate(changes, in: self, files: try CheckoutFiles(self)).run(closing: moveBranch)
        }
    }

    /// The reference that a commit on HEAD moves: the full name of the branch, or `HEAD`.
    ///
    /// Fails with `unfinished` during a merge, rebase and so on, `referenceMoved` when HEAD is not at the commit.
    public func movableHead(at commit: CommitID?) throws(RepositoryError) -> String {
        if let operation = unfinishedOperation {
            throw RepositoryError(
                .unfinished, "a \(operation) is in progress in \(workingDirectory)",
                nextStep: "finish or abort it first")
        }
        let head = try head
        guard head.commit == commit else {
            throw RepositoryError(
                .referenceMoved, "HEAD is no longer at \(commit.map { String($0.hex.prefix(10)) } ?? "its start")")
        }
        switch head {
        case .branch(let name, _), .unborn(let name): return name.hasPrefix("refs/") ? name : "refs/heads/\(name)"
        case .detached: return "HEAD"
        }
    }

    private func needsGit(_ changes: [CheckoutChange]) throws(RepositoryError) -> Bool {
        if isConfigured("core.sparseCheckout", default: false) || changes.contains(where: \.isAttributes) {
            return true
        }
        guard let index = try? CachedIndex(path: "\(gitDirectory)/index") else { return true }  // git reports why.
        let drivers = FilterDrivers(of: pointer, root: workingDirectory, environment: environment).names
        return changes.contains { change in
            let flags = index.position(of: change.path.cString).flatMap { index.entry($0)?.pointee.flags_extended } ?? 0
            if UInt32(flags) & GIT_INDEX_ENTRY_SKIP_WORKTREE.rawValue != 0 { return true }
            if attribute("working-tree-encoding", of: change.path) != nil { return true }
            return attribute("filter", of: change.path).map { drivers.contains($0) } ?? false
        }
    }

    /// The value of an attribute of a path; nil when it has none (git_attr_get).
    private func attribute(_ name: String, of path: TreePath) -> String? {
        var value: UnsafePointer<CChar>?
        guard git_attr_get(&value, pointer, 0, path.cString, name) == 0, let value else { return nil }
        return git_attr_value(value) == GIT_ATTR_VALUE_STRING ? String(cString: value) : nil
    }
}

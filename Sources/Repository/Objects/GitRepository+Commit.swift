import CGit
public import Patching
public import Text

extension GitRepository {
    /// Commits a change set on top of a commit and moves the reference there, without touching an index, HEAD or
    /// a file.
    ///
    /// The contents become blobs unchanged; `WorkingTree.commit` also applies the repository's line-ending rules. A
    /// file keeps its mode, a moved one gets that of `modeFrom`. Fails with `nothingChanged`, `inTheWay`, `notFound`
    /// (deleting what is not there), and with `referenceMoved` unless the reference is still at `parent`
    /// (git_reference_create_matching).
    public func commit(
        _ changes: ChangeSet, onto parent: CommitID, message: CommitMessage, author: Signature,
        committer: Signature? = nil, reference: String
    ) throws(RepositoryError) -> CommitID {
        let base = try treeID(of: parent)
        var edits = [TreeEdit]()
        for change in changes.changes {
            let path = try TreePath(change.path)
            guard let contents = change.contents else {
                edits.append(TreeEdit(path: path, action: .remove))
                continue
            }
            let mode = try mode(of: change, at: path, in: base)
            edits.append(TreeEdit(path: path, action: .put(try writeBlob(contents), mode: mode)))
        }
        let tree = try TreeEditor(repository: pointer).apply(edits, to: base.oid)
        return try commit(
            tree: TreeID(tree), onto: parent, message: message, author: author, committer: committer,
            reference: reference)
    }

    /// Commits a tree on top of a commit and moves the reference there; fails like `commit(_:onto:...)`.
    public func commit(
        tree: TreeID, onto parent: CommitID, message: CommitMessage, author: Signature, committer: Signature? = nil,
        reference: String
    ) throws(RepositoryError) -> CommitID {
        guard try treeID(of: parent) != tree else {
            throw RepositoryError(
                .nothingChanged, "nothing to commit: the files are as they were in \(parent.hex.prefix(10))")
        }
        guard reference.hasPrefix("refs/") else {
            throw RepositoryError(
                .unsupported, "refused to move \(reference): Graft moves branches, by their full names")
        }
        let id = try writeCommit(tree: tree, parent: parent, message: message, author: author, committer: committer)
        try moveReference(reference, from: parent, to: id, why: "graft: \(message.subject)")
        return id
    }

    /// Reads a file of a commit; nil if it is missing.
    ///
    /// - Throws: `notARegularFile` for a folder, link or submodule, `forbiddenPath` for a path outside.
    public func contents(of path: BytePath, in commit: CommitID) throws(RepositoryError) -> [UInt8]? {
        guard let entry = try entry(at: try TreePath(path), in: try treeID(of: commit)) else { return nil }
        guard entry.mode == 0o100644 || entry.mode == 0o100755 else {
            throw RepositoryError(.notARegularFile, "\"\(path)\" is not a regular file in \(commit.hex.prefix(10))")
        }
        return try contents(of: entry.oid, "\"\(path)\" in \(commit.hex.prefix(10))")
    }

    /// Reads a blob; `what` names it in errors (git_blob_lookup).
    func contents(of blob: git_oid, _ what: @autoclosure () -> String) throws(RepositoryError) -> [UInt8] {
        var oid = blob
        var blob: OpaquePointer?
        try check(git_blob_lookup(&blob, pointer, &oid), "read \(what())")
        defer { git_blob_free(blob) }
        let bytes = UnsafeRawBufferPointer(start: git_blob_rawcontent(blob), count: Int(git_blob_rawsize(blob)))
        return Array(bytes)
    }

    /// The tree of a commit.
    ///
    /// - Throws: `notFound` if the commit is missing.
    public func treeID(of commit: CommitID) throws(RepositoryError) -> TreeID {
        var oid = commit.oid
        var found: OpaquePointer?
        try check(git_commit_lookup(&found, pointer, &oid), "read the commit \(commit)")
        defer { git_commit_free(found) }
        return TreeID(try unwrap(git_commit_tree_id(found), "tree").pointee)
    }

    /// The commit of a reference (full name); nil if it does not exist.
    ///
    /// - Throws: `library` if the reference is broken.
    public func target(of reference: String) throws(RepositoryError) -> CommitID? {
        var oid = git_oid()
        let result = git_reference_name_to_id(&oid, pointer, reference)
        if result == GIT_ENOTFOUND.rawValue { return nil }
        try check(result, "read \(reference)")
        return CommitID(oid)
    }

    /// Writes a commit without moving a reference.
    ///
    /// - Throws: `notFound` if tree or parent is missing, `library` if the object cannot be written.
    public func writeCommit(
        tree: TreeID, parent: CommitID?, message: CommitMessage, author: Signature, committer: Signature? = nil
    ) throws(RepositoryError) -> CommitID {
        let authorPointer = try author.allocated()
        defer { git_signature_free(authorPointer) }
        let committerPointer = try (committer ?? author).allocated()
        defer { git_signature_free(committerPointer) }
        var treeOID = tree.oid
        var treePointer: OpaquePointer?
        try check(git_tree_lookup(&treePointer, pointer, &treeOID), "read the tree \(tree)")
        defer { git_tree_free(treePointer) }
        var parents = [OpaquePointer?]()
        defer { parents.forEach { git_commit_free($0) } }
        if let parent {
            var oid = parent.oid
            var found: OpaquePointer?
            try check(git_commit_lookup(&found, pointer, &oid), "read the commit \(parent)")
            parents.append(found)
        }
        var id = git_oid()
        try check(
            git_commit_create(
                &id, pointer, nil, authorPointer, committerPointer, nil, message.text, treePointer, parents.count,
                &parents), "write a commit", next: "check the free disk space")
        return CommitID(id)
    }

    /// Writes bytes as a blob (git_blob_create_from_buffer).
    func writeBlob(_ contents: [UInt8]) throws(RepositoryError) -> git_oid {
        var oid = git_oid()
        try check(
            git_blob_create_from_buffer(&oid, pointer, contents, contents.count),
            "store a file of \(contents.count) bytes", next: "check the free disk space")
        return oid
    }

    /// The mode of a change: the one asked for, else that of the file it comes from; fails with `forbiddenPath` for a
    /// link that git refuses to check out.
    func mode(of change: FileChange, at path: TreePath, in tree: TreeID) throws(RepositoryError) -> UInt16 {
        if change.mode == .link { try path.requireLinkable() }
        let source = try change.modeFrom.map { source throws(RepositoryError) in try TreePath(source) } ?? path
        return try mode(change.mode, ofFileAt: source, in: tree)
    }

    /// The mode that is asked for, else that of the file at a path; a new file's where no file is.
    func mode(_ asked: FileMode?, ofFileAt path: TreePath, in tree: TreeID) throws(RepositoryError) -> UInt16 {
        if let asked { return asked.gitMode }
        guard let mode = try entry(at: path, in: tree)?.mode, mode & 0o170000 != 0o040000, mode != 0o160000
        else { return 0o100644 }
        return mode
    }

    /// Finds a path in a tree (git_tree_entry_bypath).
    func entry(at path: TreePath, in tree: TreeID) throws(RepositoryError) -> (oid: git_oid, mode: UInt16)? {
        var treeOID = tree.oid
        var treePointer: OpaquePointer?
        try check(git_tree_lookup(&treePointer, pointer, &treeOID), "read the tree \(tree)")
        defer { git_tree_free(treePointer) }
        var found: OpaquePointer?
        let result = git_tree_entry_bypath(&found, treePointer, path.cString)
        if result == GIT_ENOTFOUND.rawValue { return nil }
        try check(result, "find \"\(path)\" in the tree \(tree)")
        let entry = try unwrap(found, "tree entry")
        defer { git_tree_entry_free(entry) }
        return (try unwrap(git_tree_entry_id(entry), "id").pointee, UInt16(git_tree_entry_filemode(entry).rawValue))
    }
}

import CGit

/// One file of a new tree.
struct TreeEdit {
    enum Action {
        /// Puts this blob at the path.
        case put(git_oid, mode: UInt16)
        /// Removes the path.
        case remove
    }

    let path: TreePath
    let action: Action
}

/// Makes a tree from another one and a list of edits, reading only the changed folders.
///
/// git_tree_create_updated refuses a file that replaces a folder.
struct TreeEditor {
    private final class Node {
        var children: [[CChar]: Node] = [:]
        var edit: TreeEdit?

        var action: TreeEdit.Action? { edit?.action }

        /// The edits here and below, in no order.
        var edits: [TreeEdit] { (edit.map { [$0] } ?? []) + children.values.flatMap(\.edits) }
    }

    let repository: OpaquePointer
    /// Receives an edit that git or another file does not allow, and why; the tree is made without it. Without it such
    /// an edit fails.
    var leaveOut: ((TreePath, RepositoryError) -> Void)?

    /// Returns the new tree; without a base, from the empty tree.
    func apply(_ edits: [TreeEdit], to base: git_oid?) throws(RepositoryError) -> git_oid {
        let root = Node()
        for edit in edits {
            var node = root
            for component in edit.path.components {
                let child = node.children[component] ?? Node()
                node.children[component] = child
                node = child
            }
            guard node.edit == nil else {
                throw RepositoryError(.forbiddenPath, "two changes name the same file: \(edit.path)")
            }
            node.edit = edit
        }
        if let tree = try build(root, base, at: "") { return tree }
        var builder: OpaquePointer?
        try check(git_treebuilder_new(&builder, repository, nil), "make an empty tree")
        defer { git_treebuilder_free(builder) }
        return try write(builder)
    }

    /// Returns nil for an empty folder, which git does not store.
    private func build(_ node: Node, _ base: git_oid?, at prefix: String) throws(RepositoryError) -> git_oid? {
        var source: OpaquePointer?
        defer { git_tree_free(source) }
        if var base { try check(git_tree_lookup(&source, repository, &base), "read the tree \(base.hex)") }
        var builder: OpaquePointer?
        try check(git_treebuilder_new(&builder, repository, source), "edit the folder \"\(prefix)\"")
        defer { git_treebuilder_free(builder) }

        for (name, child) in node.children {
            let path = prefix + String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let entry = git_treebuilder_get(builder, name)
            let isFolder = entry.map { git_tree_entry_filemode($0) == GIT_FILEMODE_TREE } ?? false
            var folder = isFolder ? entry.flatMap { git_tree_entry_id($0) }?.pointee : nil
            if !child.children.isEmpty {
                if let entry, !isFolder, child.action == nil {
                    let kind = git_tree_entry_filemode(entry) == GIT_FILEMODE_COMMIT ? "a submodule" : "a file"
                    let problem = "could not put a file below \"\(path)\": that is \(kind), not a folder"
                    try refuse(child.edits, RepositoryError(.inTheWay, problem))
                    continue
                }
                folder = try build(child, folder, at: path + "/")
                if entry != nil, isFolder || child.action != nil {
                    try check(git_treebuilder_remove(builder, name), "remove \"\(path)\"")
                }
                if let folder {
                    try insert(folder, GIT_FILEMODE_TREE.rawValue, name, builder, path, below: child.edits)
                }
            }
            switch child.action {
            case .put(let oid, let mode):
                if folder == nil {
                    try insert(oid, UInt32(mode), name, builder, path, below: child.edit.map { [$0] } ?? [])
                } else {
                    let problem = "could not write the file \"\(path)\": a folder of that name has files"
                    try refuse(child.edit.map { [$0] } ?? [], RepositoryError(.inTheWay, problem))
                }
            case .remove where child.children.isEmpty:
                if entry != nil, !isFolder {
                    try check(git_treebuilder_remove(builder, name), "remove \"\(path)\"")
                } else {
                    let problem = "could not delete \"\(path)\": there is no such file"
                    try refuse(child.edits, RepositoryError(.notFound, problem))
                }
            case .remove, nil:
                break
            }
        }
        return git_treebuilder_entrycount(builder) == 0 ? nil : try write(builder)
    }

    /// Puts an entry into a folder; libgit2 refuses names that lead into git's own folder.
    private func insert(
        _ oid: git_oid, _ mode: UInt32, _ name: [CChar], _ builder: OpaquePointer?, _ path: String,
        below edits: [TreeEdit]
    ) throws(RepositoryError) {
        var oid = oid
        do throws(RepositoryError) {
            try check(
                git_treebuilder_insert(nil, builder, name, &oid, git_filemode_t(rawValue: mode)),
                "put \"\(path)\" into the tree")
        } catch {
            try refuse(edits, error)
        }
    }

    private func refuse(_ edits: [TreeEdit], _ error: RepositoryError) throws(RepositoryError) {
        guard let leaveOut, error.storageError == nil else { throw error }
        for edit in edits { leaveOut(edit.path, error) }
    }

    private func write(_ builder: OpaquePointer?) throws(RepositoryError) -> git_oid {
        var oid = git_oid()
        try check(git_treebuilder_write(&oid, builder), "write a tree", next: "check the free disk space")
        return oid
    }
}

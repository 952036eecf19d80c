import CGit
import Glibc

/// A path that differs between two trees, with the state of the user's checkout.
struct CheckoutChange {
    /// What a tree has at a path.
    struct Side {
        let oid: git_oid
        let mode: UInt16
    }

    let path: TreePath
    let old: Side?
    let new: Side?

    /// The paths that differ, without looking for renames.
    static func between(
        _ old: TreeID, _ new: TreeID, in repository: GitRepository
    ) throws(RepositoryError) -> [CheckoutChange] {
        let diff = try repository.compare(old, new, findsRenames: false)
        defer { git_diff_free(diff) }
        var changes: [CheckoutChange] = []
        for position in 0..<git_diff_num_deltas(diff) {
            let delta = try unwrap(git_diff_get_delta(diff, position), "changed file").pointee
            let file = delta.status == GIT_DELTA_DELETED ? delta.old_file : delta.new_file
            let name = try unwrap(file.path, "path")
            changes.append(
                CheckoutChange(
                    path: TreePath(found: Array(UnsafeBufferPointer(start: name, count: strlen(name) + 1))),
                    old: delta.status == GIT_DELTA_ADDED
                        ? nil : Side(oid: delta.old_file.id, mode: delta.old_file.mode),
                    new: delta.status == GIT_DELTA_DELETED
                        ? nil : Side(oid: delta.new_file.id, mode: delta.new_file.mode)))
        }
        return changes
    }

    var isSubmodule: Bool { old?.mode == 0o160000 || new?.mode == 0o160000 }
    var isAttributes: Bool { path.name.elementsEqual(".gitattributes".utf8CString) }
}

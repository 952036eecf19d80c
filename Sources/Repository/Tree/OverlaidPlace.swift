import CGit
import Glibc
import Text

/// A place for an overlay of the user's checkout, with the changes kept apart.
///
/// It is registered with git as a linked working tree. Its root is an empty folder, except where the overlay is
/// mounted.
public struct OverlaidPlace: Sendable {
    /// The mount point, with links resolved.
    public let root: String
    /// The folder with the changes (`upper`) and the kernel's folder (`work`).
    public let store: String
    let administration: String

    /// The folder with the changed files.
    public var upper: String { store + "/upper" }
}

extension GitRepository {
    /// Prepares a place for the files of a commit, on a new reference (full name).
    ///
    /// The checkout should have about the same files as the commit. Ignored files except `shown`, and files that `work`
    /// lacks, are hidden, so that the tree is like a linked one. The index starts as a copy of the user's.
    ///
    /// Fails like `addWorkingTree`, and with `unsupported` if the kernel refuses whiteouts.
    ///
    /// - Parameters:
    ///   - path: The mount point: missing, or an empty folder.
    ///   - store: The folder for the changes; it is made.
    ///   - reference: Made at the commit; nil for a checkout without commits.
    ///   - shown: Ignored folders to show, relative to the root.
    ///   - hidden: Files in these that are not to be seen.
    ///   - submodules: The submodules of the commit; one that cannot be shown is empty.
    public func prepareOverlaidTree(
        at path: String, store: String, reference: String?, commit: CommitID, work: UncommittedWork, shown: [String],
        hidden: [String] = [], submodules: [Submodule.Choice] = []
    ) throws(RepositoryError) -> OverlaidPlace {
        if let reference { try createReference(reference, at: commit) }
        do throws(RepositoryError) {
            let place = try register(path, headLine: commit.hex) { place throws(RepositoryError) in
                let overlaid = OverlaidPlace(root: place.root, store: store, administration: place.administration)
                try makeStore(overlaid)
                try place.writeGitFile(in: overlaid.upper)
                try copyIndex(to: place)
                let upper = try OverlaidUpper(overlaid.upper, of: workingDirectory)
                let shown = Set(shown.map { BytePath($0) })
                for folder in work.lacking.folders where !shown.contains(folder.path) { try upper.takeAway(folder) }
                for file in work.lacking.others { try upper.takeAway(file) }
                for file in hidden { try upper.takeAway(TreePath(found: file.utf8CString.map { $0 })) }
                for submodule in submodules { try upper.show(submodule) }
            }
            return OverlaidPlace(root: place.root, store: store, administration: place.administration)
        } catch {
            // They are new; the first error is reported.
            if access(store, F_OK) == 0 { try? removeFolder(store) }
            if let reference { try? deleteReference(reference, at: commit) }
            throw error
        }
    }

    /// Finds a place that an earlier run has left, so that it can be mounted again.
    ///
    /// The changes are in the store. Fails with `notOurs` like `WorkingTree.init(linkedAt:of:)`.
    public func overlaidTree(at path: String, store: String) throws(RepositoryError) -> OverlaidPlace {
        let place = try ownWorkingTree(at: path, needsGitFile: false)
        let overlaid = OverlaidPlace(root: place.root, store: store, administration: place.administration)
        guard access(overlaid.upper, F_OK) == 0, access(store + "/work", F_OK) == 0 else {
            throw RepositoryError(.notFound, "\(store) does not hold the changes of an overlay")
        }
        return overlaid
    }

    /// Removes a place, its changes and git's folder for it; it must not be mounted.
    ///
    /// - Throws: `notOurs` as `removeWorkingTree`, `system` where the system refuses.
    public func removeOverlaidTree(_ place: OverlaidPlace, in parent: String) throws(RepositoryError) {
        try removeWorkingTree(at: place.root, in: parent)
        if access(place.store, F_OK) == 0 { try removeFolder(place.store) }
    }

    /// The files of a commit that another one lacks or has with other contents.
    func filesDiffering(from old: CommitID, to new: CommitID) throws(RepositoryError) -> Set<TreePath> {
        if old == new { return [] }
        let diff = try compare(try treeID(of: old), try treeID(of: new), findsRenames: false)
        defer { git_diff_free(diff) }
        var paths: Set<TreePath> = []
        for position in 0..<git_diff_num_deltas(diff) {
            guard let delta = git_diff_get_delta(diff, position)?.pointee, delta.status != GIT_DELTA_DELETED,
                let path = delta.new_file.path
            else { continue }
            paths.insert(TreePath(found: Array(UnsafeBufferPointer(start: path, count: strlen(path) + 1))))
        }
        return paths
    }

    private func makeStore(_ place: OverlaidPlace) throws(RepositoryError) {
        for folder in [place.store, place.upper, place.store + "/work"] {
            guard mkdir(folder, 0o700) == 0 || (folder == place.store && errno == EEXIST) else {
                throw systemError("make the folder \(folder)")
            }
        }
        // The mode of the root is that of the upper folder.
        var state = stat()
        if stat(workingDirectory, &state) == 0 { chmod(place.upper, state.st_mode & 0o777) }
    }

    /// Copies the index: the files have the same inodes and times as in the checkout.
    private func copyIndex(to place: LinkedPlace) throws(RepositoryError) {
        let copy = "\(place.administration)/index"
        var state = stat()
        guard stat("\(gitDirectory)/index", &state) == 0, let bytes = try Self.file("\(gitDirectory)/index") else {
            return
        }
        try Self.write(bytes, to: copy)
        // The time of the index decides which files are too recent to compare by time.
        var times = [state.st_mtim, state.st_mtim]
        guard utimensat(AT_FDCWD, copy, &times, 0) == 0 else { throw systemError("write \(copy)") }
    }
}

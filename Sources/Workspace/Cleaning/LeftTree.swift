import Glibc
import OS
import Repository
import Session

/// The working tree that a session has left behind.
struct LeftTree {
    let session: SessionID
    let folder: SessionFolder

    /// Where changed files are if there are some.
    var place: String {
        let upper = folder.overlays + "/upper"
        return access(upper + "/.git", F_OK) == 0 ? upper : folder.tree
    }

    /// Where the changed files are, if some are in no commit or that cannot be told; nil if nothing is lost with the
    /// tree.
    ///
    /// - Parameter repository: Nil if it is gone, so that nothing can be told.
    func placeOfChanges(in repository: GitRepository?) -> String? {
        guard let repository else { return FolderListing.names(in: place).isEmpty ? nil : place }
        let rules = FileContent.bytes(folder.ignoreRules)?.split(separator: UInt8(ascii: "\n")).map(Array.init) ?? []
        guard
            repository.hasUncommittedChanges(
                inTreeAt: folder.tree, store: folder.overlays, reference: session.steps,
                ignoring: ByProducts.patterns.map { Array($0.utf8) } + rules)
        else { return nil }
        return place
    }
}

public import Text

/// The tree that a patch is for, of which is read what the patch names.
public protocol PatchSource {
    /// What stands at a path from the root, nil if that is nothing.
    ///
    /// - Throws: ``PatchError/isDirectory(_:)`` for a folder.
    func file(at path: BytePath) throws -> StoredFile?

    /// The names in a folder, in any order; none if there is no such folder. The empty path is the root.
    func names(in folder: BytePath) throws -> [BytePath]
}

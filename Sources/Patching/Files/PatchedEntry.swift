import Text

/// What stands at a path while a patch is worked out.
struct PatchedEntry {
    /// What the tree below has there.
    let base: StoredFile?
    /// Whether the tree below has a folder there.
    let isFolder: Bool
    var file: StoredFile?
    /// The path below whose mode the file has; nil for a new file.
    var modeFrom: BytePath?
    /// The mode the patch asked for.
    var mode: FileMode?
    /// Whether another file was put in the place of the one below, which was still there.
    var isReplaced = false

    /// Takes the file away.
    mutating func clear() { (file, modeFrom, mode) = (nil, nil, nil) }

    /// The mode to ask for: also where a link gives way to a file or a file to a link.
    var change: FileMode? {
        guard let file else { return nil }
        if file.isLink { return .link }
        return mode ?? (base?.isLink == true && modeFrom == nil ? .regular : nil)
    }
}

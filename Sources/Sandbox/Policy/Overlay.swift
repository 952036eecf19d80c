public import Text

/// A folder that commands see at another path and cannot change.
///
/// What commands write is kept elsewhere (overlayfs), so that later commands find it and the folder stays unchanged.
/// Changing the folder from outside meanwhile is undefined, though harmless to the kernel.
public struct Overlay: Sendable, Equatable {
    /// The folder; absolute.
    public var lower: String
    /// Where commands see it: an existing folder in the working tree, or the working tree itself, which then is empty
    /// outside.
    public var path: String
    /// A hidden folder with `upper` and `work` in it, on one file system; nil if commands may not write.
    public var store: String?
    /// Whether the changes must survive a crash of the machine; unmounting then waits for the disk.
    public var isKept: Bool

    /// Files directly in the folder that read empty.
    public var hiddenNames: [String]

    /// Makes an overlay; see the properties.
    public init(lower: String, path: String, store: String?, isKept: Bool = false, hiddenNames: [String] = []) {
        self.lower = lower
        self.path = path
        self.store = store
        self.isKept = isKept
        self.hiddenNames = hiddenNames
    }
}

/// A folder that commands see in the working tree as an overlay, or not at all: its layer of changes takes away what they
/// must not see. The paths need not be UTF-8.
public struct MaskedFolder: Sendable, Equatable {
    /// The folder; absolute, without links.
    public var lower: BytePath
    /// Where commands see it: an existing folder in the working tree; absolute, without links.
    public var path: BytePath
    /// A hidden folder with `upper` and `work` in it, on one file system.
    public var store: String

    /// Makes a value; see the properties.
    public init(lower: BytePath, path: BytePath, store: String) {
        self.lower = lower
        self.path = path
        self.store = store
    }
}

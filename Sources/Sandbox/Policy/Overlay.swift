/// A folder that commands see at another path, and cannot change there.
///
/// What commands write is kept elsewhere (overlayfs), so that a command finds what earlier ones left and the folder
/// itself stays unchanged. Changing it from outside meanwhile is undefined, though harmless to the kernel.
public struct Overlay: Sendable, Equatable {
    /// The folder; absolute.
    public var lower: String
    /// Where commands see it: an existing folder in the working tree, or the working tree itself, which then is to look
    /// empty outside.
    public var path: String
    /// A folder out of sight with `upper` and `work` in it, on one file system; nil where commands may not write.
    public var store: String?
    /// Whether the changes are to outlive the machine's end; the overlay's own end then waits for the disk.
    public var isKept: Bool

    /// Names the folders; see the properties.
    public init(lower: String, path: String, store: String?, isKept: Bool = false) {
        self.lower = lower
        self.path = path
        self.store = store
        self.isKept = isKept
    }
}

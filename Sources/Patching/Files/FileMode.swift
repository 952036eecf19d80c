/// The kinds of files that git knows.
public enum FileMode: Sendable, Equatable {
    /// A file that is not executable.
    case regular
    /// A file that is executable.
    case executable
    /// A symbolic link; its contents are where it points.
    case link
}

/// What stands at a path of the tree that a patch is for.
public struct StoredFile: Sendable, Equatable {
    /// The bytes of a file, or where a link points.
    public let bytes: [UInt8]
    /// Whether it is a symbolic link.
    public let isLink: Bool

    /// Makes a file or a link.
    public init(_ bytes: [UInt8], isLink: Bool = false) {
        self.bytes = bytes
        self.isLink = isLink
    }
}

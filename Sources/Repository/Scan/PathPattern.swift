public import Text

/// A pattern for paths inside a tree, written as in an ignore file (gitignore(5)), without `!`.
///
/// Without a slash it is the name of a file or folder anywhere; with one it begins at the root. What matches a folder
/// matches all below it.
public struct PathPattern: Sendable {
    /// The pattern as it was written.
    public let text: String
    private let pattern: IgnorePattern

    /// Reads a pattern; nil for an empty text, a comment, and `!`.
    ///
    /// - Parameter ignoresCase: Whether letters of ASCII match in either case, as on some file systems.
    public init?(_ text: String, ignoresCase: Bool) {
        guard let pattern = IgnorePattern(line: Array(text.utf8)[...], ignoresCase: ignoresCase), !pattern.isNegated
        else { return nil }
        self.text = text
        self.pattern = pattern
    }

    /// Whether a file is meant, by its own path or by a folder above it.
    public func matches(_ path: BytePath) -> Bool {
        pattern.matches(path.bytes[...], isFolder: false)
            || path.bytes.indices.contains {
                path.bytes[$0] == UInt8(ascii: "/") && pattern.matches(path.bytes[..<$0], isFolder: true)
            }
    }

    /// Whether a folder is meant whose place a file or a link has now.
    public func matchesFolder(_ path: BytePath) -> Bool { pattern.matches(path.bytes[...], isFolder: true) }
}

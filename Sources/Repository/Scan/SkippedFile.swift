import Text

/// A file that a scan left out.
public struct SkippedFile: Sendable, Hashable, CustomStringConvertible {
    /// Why it was left out.
    public enum Reason: Sendable, Hashable, CustomStringConvertible {
        /// It is untracked and larger than the limit.
        case tooLarge(bytes: Int64, limit: Int64)
        /// It is a nested repository.
        case nestedRepository
        /// It is unreadable.
        case unreadable

        /// The reason in words.
        public var description: String {
            switch self {
            case .tooLarge(let bytes, let limit):
                "\(Int(bytes).spelledAsBytes), above the limit of \(Int(limit).spelledAsBytes)"
            case .nestedRepository: "a repository of its own"
            case .unreadable: "cannot be read"
            }
        }
    }

    /// The path, relative to the root of the tree.
    public let path: String
    /// Why it was left out.
    public let reason: Reason

    /// Path and reason: `data.bin (12 MB, above the limit of 8 MB)`.
    public var description: String { "\(path) (\(reason))" }
}

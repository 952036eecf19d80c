public import Text

/// A file that a scan left out.
public struct SkippedFile: Sendable, Hashable, CustomStringConvertible {
    /// Why it was left out.
    public enum Reason: Sendable, Hashable, CustomStringConvertible {
        /// It is untracked and larger than the limit.
        case tooLarge(bytes: Int64, limit: Int64)
        /// It is a nested repository.
        case nestedRepository
        /// It is untracked and named like a secret.
        case looksSecret
        /// It is unreadable.
        case unreadable
        /// Its path is longer than the system takes.
        case pathTooLong
        /// It is neither a file nor a folder nor a link; what it is, such as `a socket`.
        case special(String)
        /// Some file system takes its name for git's own folder, so that git refuses it.
        case reservedName
        /// It is a link or a folder with the name of git's file of submodules, which git refuses.
        case oddModules
        /// The conversion that its attributes ask for failed; how, as a clause.
        case notConverted(String)
        /// Its path cannot be put into the tree of the last commit; why, as a clause.
        case inTheWay(String)
        /// It lies in a submodule, or in its place.
        case inSubmodule(BytePath)

        /// The reason in words.
        public var description: String {
            switch self {
            case .tooLarge(let bytes, let limit):
                "\(Int(bytes).spelledAsBytes), above the limit of \(Int(limit).spelledAsBytes)"
            case .nestedRepository: "a repository of its own"
            case .looksSecret: "looks like a secret; git add takes it along"
            case .unreadable: "cannot be read"
            case .pathTooLong: "the path is too long"
            case .special(let kind): kind
            case .reservedName: "git refuses the name: some file systems take it for .git"
            case .oddModules: "git refuses a link or a folder that it may take for .gitmodules"
            case .notConverted(let reason): "its attributes ask for a conversion that fails: \(reason)"
            case .inTheWay(let reason): reason
            case .inSubmodule(let path): "it lies in the submodule \(path), which cannot be changed here"
            }
        }
    }

    /// The path, relative to the root of the tree.
    public let path: BytePath
    /// Why it was left out.
    public let reason: Reason

    /// Path and reason: `data.bin (12 MB, above the limit of 8 MB)`.
    public var description: String { "\(path) (\(reason))" }
}

/// What a patch asks for on one file.
public enum FileOperation: Sendable, Equatable {
    /// Makes a file of the diff's lines, each of which starts with `+`.
    case create(path: String, diff: String)
    /// Changes a file hunk by hunk and may give it another path; only then the diff may be empty.
    case update(path: String, diff: String, moveTo: String?)
    /// Deletes a file.
    case delete(path: String)

    /// The path the operation is about, as the patch spells it.
    public var path: String {
        switch self {
        case .create(let path, _), .update(let path, _, _), .delete(let path): path
        }
    }
}

public import Repository
public import Session
public import Text

/// What was found about a series besides whether the command passes.
public struct Inspection: Sendable {
    /// The changes of protected paths, in the order of the paths.
    public internal(set) var protectedChanges: [ProtectedChange] = []
    /// The test files that are new, which are allowed.
    public internal(set) var newTests: [BytePath] = []
    /// A commit, reachable from nothing, of the final tree with every protected path as at the start: changed and
    /// deleted ones as they were, renamed ones at their old place, new configuration gone. Nil where nothing protected
    /// changed.
    public internal(set) var restored: CommitID?
    /// A commit as ``restored``, in which the new test files are gone too, so that nothing in them can change how the
    /// others run. Nil where there are none.
    public internal(set) var withoutNewTests: CommitID?
    /// What makes a command that passes less than a proof, decisive ones first.
    public internal(set) var doubts: [Doubt] = []

    /// The protected paths that ``restored`` has as at the start, as text.
    public var restoredPaths: [String] {
        Array(Set(protectedChanges.flatMap { [$0.oldPath, $0.path].compactMap { $0?.text } })).sorted()
    }
}

/// A change of a protected path.
public struct ProtectedChange: Sendable, Hashable {
    /// What kind of change it is.
    public enum Kind: String, Sendable {
        case modified, deleted, renamed, added
        /// Another mode, with the same contents.
        case mode
        /// A file has become a link or a submodule, or the other way round.
        case type
    }

    /// The path after; that before for a deleted file.
    public let path: BytePath
    /// The path before, if the file was renamed.
    public let oldPath: BytePath?
    /// What kind of change it is.
    public let kind: Kind
    /// Why the path is protected, as in "a test".
    public let reason: String

    /// What a person reads when the command passes only with this change.
    public var doubt: Doubt {
        Doubt(.protectedPath, isDecisive: true, message: "\(sentence), and the command passes only so", path: path.text)
    }

    /// What has happened, in a clause.
    public var sentence: String {
        switch kind {
        case .modified: "\(path) was changed (\(reason))"
        case .deleted: "\(path) was deleted (\(reason))"
        case .renamed: "\(oldPath ?? path) was renamed to \(path) (\(reason))"
        case .added: "\(path) was added (\(reason))"
        case .mode: "\(path) has another mode (\(reason))"
        case .type: "\(path) is not the same kind of file any more (\(reason))"
        }
    }
}

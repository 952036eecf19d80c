public import Text

/// The change of one file by a patch.
public struct FileChange: Sendable, Equatable {
    /// The file's path from the root.
    public let path: BytePath
    /// The whole new file, or nil if it is deleted.
    public let contents: [UInt8]?
    /// The path in the tree before whose mode the file takes, if it moved from there.
    public let modeFrom: BytePath?
    /// The mode the patch asks for; nil if the file keeps that of ``modeFrom``, or else of its path.
    public let mode: FileMode?

    /// Makes a change.
    public init(path: BytePath, contents: [UInt8]?, modeFrom: BytePath? = nil, mode: FileMode? = nil) {
        self.path = path
        self.contents = contents
        self.modeFrom = modeFrom
        self.mode = mode
    }
}

/// The files a patch changes, with their new contents, in the order in which it first touched them.
///
/// It holds net changes only: a file that ends as it was before the patch is not in it.
public struct ChangeSet: Sendable, Equatable {
    /// The changes, one a path.
    public private(set) var changes: [FileChange] = []
    private var places: [BytePath: Int] = [:]
    /// The existing files that the patch replaces without showing a line of them, because it adds or moves a file to
    /// their path.
    public internal(set) var replaced: [BytePath] = []

    /// Makes a change set; of two changes of one path the later one counts.
    public init(_ changes: [FileChange] = []) {
        for change in changes { put(change) }
    }

    /// Whether nothing changes.
    public var isEmpty: Bool { changes.isEmpty }

    /// The change of a path, or nil if it does not change.
    public subscript(path: BytePath) -> FileChange? {
        places[path].map { changes[$0] }
    }

    /// Merges changes that were made on top of these, so that all are relative to the tree before.
    ///
    /// A file made here and deleted later stays in as deleted, because a change set does not know what was there
    /// before.
    public mutating func merge(_ later: ChangeSet) {
        let earlier = self
        for change in later.changes {
            var source = change.modeFrom
            if let between = source, let moved = earlier[between]?.modeFrom { source = moved }
            if change.modeFrom == nil, change.contents != nil, let known = earlier[change.path], known.contents != nil {
                source = known.modeFrom
            }
            let origin = change.modeFrom ?? change.path
            put(
                FileChange(
                    path: change.path, contents: change.contents, modeFrom: source == change.path ? nil : source,
                    mode: change.contents == nil ? nil : change.mode ?? earlier[origin]?.mode))
        }
    }

    private mutating func put(_ change: FileChange) {
        if let place = places[change.path] {
            changes[place] = change
        } else {
            places[change.path] = changes.count
            changes.append(change)
        }
    }
}

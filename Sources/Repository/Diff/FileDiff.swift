import CGit
public import Text

/// The difference of one file between two trees.
public struct FileDiff: Sendable, Hashable {
    /// The path before; nil for a new file.
    public let oldPath: BytePath?
    /// The path after; nil for a deleted file.
    public let newPath: BytePath?
    /// The kind of change.
    public let kind: FileChangeKind
    /// The mode before, as in a tree (0o100644); 0 for a new file.
    public let oldMode: UInt16
    /// The mode after; 0 for a deleted file.
    public let newMode: UInt16
    /// Whether it is binary for git: it contains a NUL byte, or by its attributes.
    public let isBinary: Bool
    /// The hunks, in order; empty for a binary file.
    public let hunks: [DiffHunk]

    let old: TreeEntry?
    let new: TreeEntry?

    init(
        oldPath: BytePath?, newPath: BytePath?, kind: FileChangeKind, oldMode: UInt16, newMode: UInt16, isBinary: Bool,
        hunks: [DiffHunk], old: TreeEntry?, new: TreeEntry?
    ) {
        self.oldPath = oldPath
        self.newPath = newPath
        self.kind = kind
        self.oldMode = oldMode
        self.newMode = newMode
        self.isBinary = isBinary
        self.hunks = hunks
        self.old = old
        self.new = new
    }

    /// Makes a difference without a repository, for tests of views.
    package init(
        oldPath: BytePath?, newPath: BytePath?, kind: FileChangeKind, oldMode: UInt16, newMode: UInt16, isBinary: Bool,
        hunks: [DiffHunk]
    ) {
        self.init(
            oldPath: oldPath, newPath: newPath, kind: kind, oldMode: oldMode, newMode: newMode, isBinary: isBinary,
            hunks: hunks, old: nil, new: nil)
    }

    /// The path after, or before if the file is deleted.
    public var path: BytePath { newPath ?? oldPath ?? "" }
    /// The number of added lines.
    public var addedLines: Int { count(.added) }
    /// The number of removed lines.
    public var removedLines: Int { count(.removed) }

    /// Whether hunks can be taken one by one: a text file, modified, with the same name and mode.
    var isDivisible: Bool { kind == .modified && oldMode == newMode && !isBinary && !hunks.isEmpty }

    private func count(_ kind: DiffLine.Kind) -> Int {
        hunks.reduce(0) { $0 + $1.lines.count { $0.kind == kind } }
    }
}

/// An entry of a tree.
struct TreeEntry: Sendable, Hashable {
    let path: TreePath
    let blob: String
    let mode: UInt16

    init(path: TreePath, blob: git_oid, mode: UInt16) {
        self.path = path
        self.blob = blob.hex
        self.mode = mode
    }

    var oid: git_oid { git_oid(hex: blob) ?? git_oid() }
}

/// Changed lines that are close together, with context.
public struct DiffHunk: Sendable, Hashable {
    /// The first line before, from 1; the line above if there are none before.
    public let oldStart: Int
    /// The number of lines before.
    public let oldCount: Int
    /// The first line after, from 1; the line above if there are none after.
    public let newStart: Int
    /// The number of lines after.
    public let newCount: Int
    /// The enclosing definition as git finds it; empty if there is none.
    public let heading: String
    /// The lines in order.
    public let lines: [DiffLine]

    package init(oldStart: Int, oldCount: Int, newStart: Int, newCount: Int, heading: String, lines: [DiffLine]) {
        self.oldStart = oldStart
        self.oldCount = oldCount
        self.newStart = newStart
        self.newCount = newCount
        self.heading = heading
        self.lines = lines
    }
}

/// One line of a hunk.
public struct DiffLine: Sendable, Hashable {
    /// The side of a line.
    public enum Kind: Sendable, Hashable {
        case context, added, removed
    }

    /// The side.
    public let kind: Kind
    /// Its bytes with the line ending; only the last line of a file may have none.
    public let bytes: [UInt8]
    /// Its number before, from 1.
    public let oldNumber: Int?
    /// Its number after, from 1.
    public let newNumber: Int?

    package init(kind: Kind, bytes: [UInt8], oldNumber: Int?, newNumber: Int?) {
        self.kind = kind
        self.bytes = bytes
        self.oldNumber = oldNumber
        self.newNumber = newNumber
    }

    /// The line as text, without its ending; invalid UTF-8 becomes U+FFFD.
    public var text: String {
        var content = bytes[...]
        if content.last == UInt8(ascii: "\n") { content.removeLast() }
        if content.last == UInt8(ascii: "\r") { content.removeLast() }
        return String(decoding: content, as: UTF8.self)
    }
    /// Whether it ends with a line feed.
    public var hasNewline: Bool { bytes.last == UInt8(ascii: "\n") }
}

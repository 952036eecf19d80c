public import Text

/// A patch over several files, read from the bytes it came as.
///
/// Bytes that are not UTF-8 are kept, so that patches of Latin-1 files are exact.
public struct Patch: Sendable {
    /// The forms of text a patch comes in.
    public enum Form: Sendable {
        /// `*** Begin Patch` … `*** End Patch`.
        case envelope
        /// What `git diff`, `git format-patch` and `diff -u` write.
        case unified
    }

    /// The form the patch came in.
    public let form: Form
    /// The edits, in groups; within a group moves and copies take from the tree before the group.
    let groups: [[FileEdit]]

    init(form: Form, groups: [[FileEdit]]) {
        self.form = form
        self.groups = groups
    }

    /// Reads a patch; without a form it is unified if it has the headers of a unified diff and is not an envelope.
    ///
    /// Markdown fences around it are taken off, with the text around those.
    public init(_ text: [UInt8], form: Form? = nil) throws(PatchError) {
        let lines = try PatchFence.unwrapped(DiffLine.split(text[...]))
        self.form = form ?? Self.form(of: lines)
        switch self.form {
        case .envelope: groups = try PatchEnvelope.edits(lines, isUTF8: TextEncoding.kind(of: text[...]) == .utf8)
        case .unified: groups = try UnifiedParser.groups(lines)
        }
    }

    private static func form(of lines: [DiffLine]) -> Form {
        guard let first = lines.first(where: { !$0.isBlank }) else { return .envelope }
        let text = first.text.trimmed
        if text.starts(with: "*** Begin Patch".utf8) || text.starts(with: "<<".utf8) { return .envelope }
        let hasHeader = lines.indices.contains { index in
            if lines[index].begins("diff --git ") { return true }
            return lines[index].begins("--- ") && index + 1 < lines.count && lines[index + 1].begins("+++ ")
        }
        return hasHeader ? .unified : .envelope
    }

    /// Computes the changes that the patch makes to a tree; nothing is written.
    ///
    /// - Throws: ``PatchError`` with what is wrong, where, and what to send instead.
    public func changes(to source: some PatchSource) throws(PatchError) -> ChangeSet {
        var tree = PatchedTree(source)
        for group in groups {
            try tree.apply(group, dialect: form == .envelope ? .envelope : .native)
        }
        return tree.changes
    }

    /// One line of what the patch does: a letter and the path.
    public struct Line: Sendable, Equatable {
        /// `A` for a new file, `M` for one that changes or moves, `D` for one that goes away.
        public let letter: String
        /// The path; of a file that moves, the new one.
        public let path: BytePath
    }

    /// What the patch does, in its own order; a file that it names twice is there twice.
    public var lines: [Line] {
        groups.joined().map { edit in
            switch edit.action {
            case .create: Line(letter: "A", path: edit.path.path)
            case .update: Line(letter: edit.isCopy ? "A" : "M", path: (edit.destination ?? edit.path).path)
            case .delete: Line(letter: "D", path: edit.path.path)
            }
        }
    }

    /// What the patch does in the order others print it: files added, then changed or moved, then deleted.
    public var summary: [Line] {
        ["A", "M", "D"].flatMap { letter in lines.filter { $0.letter == letter } }
    }
}

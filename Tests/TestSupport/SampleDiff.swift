package import Repository
package import Text

/// Differences written down by hand.
package enum SampleDiff {
    /// A hunk from lines that begin with " ", "-" or "+"; a line that ends in "\\" has no line feed.
    package static func hunk(_ text: String, oldStart: Int = 1, newStart: Int = 1, heading: String = "") -> DiffHunk {
        var (old, new) = (oldStart, newStart)
        var lines: [DiffLine] = []
        for line in text.utf8.split(separator: 0x0A) {
            let isOpen = line.last == UInt8(ascii: "\\")
            let bytes = Array((isOpen ? line.dropLast() : line).dropFirst()) + (isOpen ? [] : [0x0A])
            let sign = line.first.map { Unicode.Scalar($0) }
            let kind: DiffLine.Kind = sign == "+" ? .added : sign == "-" ? .removed : .context
            lines.append(
                DiffLine(
                    kind: kind, bytes: bytes, oldNumber: kind == .added ? nil : old,
                    newNumber: kind == .removed ? nil : new))
            if kind != .added { old += 1 }
            if kind != .removed { new += 1 }
        }
        return DiffHunk(
            oldStart: oldStart, oldCount: old - oldStart, newStart: newStart, newCount: new - newStart,
            heading: heading, lines: lines)
    }

    /// The difference of one file.
    package static func file(
        _ path: BytePath, from old: BytePath? = nil, kind: FileChangeKind = .modified,
        modes: (UInt16, UInt16) = (0o100644, 0o100644), isBinary: Bool = false, _ hunks: DiffHunk...
    ) -> FileDiff {
        FileDiff(
            oldPath: kind == .added ? nil : old ?? path, newPath: kind == .deleted ? nil : path, kind: kind,
            oldMode: kind == .added ? 0 : modes.0, newMode: kind == .deleted ? 0 : modes.1, isBinary: isBinary,
            hunks: hunks)
    }

    /// The difference of two trees; both count as the empty tree.
    package static func tree(_ files: [FileDiff]) -> TreeDiff? {
        TreeID("4b825dc642cb6eb9a060e54bf8d69288fbee4904").map { TreeDiff(old: $0, new: $0, files: files) }
    }
}

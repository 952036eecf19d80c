public import Repository
import Text

/// The pieces of a change with their names, for the model to order, in as much detail as fits.
public struct HunkList: Sendable {
    /// The list: the number of hunks, and a paragraph for each or a line for each file.
    public let text: String

    private static let room = 16 * 1024
    private static let longestLine = 100

    /// Lists the pieces of a change; nil if there are none or too many.
    public init?(_ diff: TreeDiff) {
        guard !diff.pieces.isEmpty, let list = Self.list(diff) else { return nil }
        let count = diff.pieces.count == 1 ? "One hunk" : "\(diff.pieces.count) hunks"
        text = "\(count):\n\n\(list)"
    }

    /// The most detailed list that fits: with excerpts, without, or by file.
    private static func list(_ diff: TreeDiff) -> String? {
        if diff.pieces.count <= room / 16 {
            for excerptRoom in [320, 120, 0] {
                let list = diff.pieces.map { entry($0, of: diff, excerptRoom: excerptRoom) }.joined()
                if list.utf8.count <= room { return list }
            }
        }
        guard diff.files.count <= room / 16 else { return nil }
        let list = byFile(diff)
        return list.utf8.count <= room ? list : nil
    }

    private static func entry(_ piece: TreeDiff.Piece, of diff: TreeDiff, excerptRoom: Int) -> String {
        let file = diff.files[piece.file]
        let hunks = piece.hunk.map { [file.hunks[$0]] } ?? file.hunks
        var line = "h\(piece.id) \(path(of: file))"
        if let hunk = piece.hunk.map({ file.hunks[$0] }) {
            line += ":\(hunk.newStart)"
            if hunk.newCount > 1 { line += "-\(hunk.newStart + hunk.newCount - 1)" }
            if excerptRoom > 0, !hunk.heading.isEmpty { line += " in \(cut(hunk.heading))" }
        } else {
            line += " (\(whole(file)))"
        }
        let changed = hunks.flatMap(\.lines).filter { $0.kind != .context }
        if !file.isBinary {
            let added = changed.count { $0.kind == .added }
            line += " +\(added) -\(changed.count - added)"
        }
        return line + "\n" + excerpt(changed, room: excerptRoom)
    }

    /// The first changed lines, indented.
    private static func excerpt(_ lines: [DiffLine], room: Int) -> String {
        var text = ""
        for (position, line) in lines.enumerated() {
            let next = "    \(line.kind == .added ? "+" : "-")\(cut(line.text))\n"
            guard text.utf8.count + next.utf8.count <= room else {
                return room > 0 ? text + "    … \(lines.count - position) more\n" : ""
            }
            text += next
        }
        return text
    }

    private static func byFile(_ diff: TreeDiff) -> String {
        var ids = [ClosedRange<Int>?](repeating: nil, count: diff.files.count)
        for piece in diff.pieces { ids[piece.file] = (ids[piece.file]?.lowerBound ?? piece.id)...piece.id }
        return zip(diff.files, ids).map { file, ids in
            guard let ids else { return "" }
            let name = ids.count == 1 ? "h\(ids.lowerBound)" : "h\(ids.lowerBound)-h\(ids.upperBound)"
            return "\(name) \(path(of: file)) +\(file.addedLines) -\(file.removedLines)\n"
        }.joined()
    }

    private static func whole(_ file: FileDiff) -> String {
        let kind =
            switch file.kind {
            case .added: "new"
            case .deleted: "deleted"
            case .renamed: "renamed"
            case .modified: file.oldMode == file.newMode ? "changed" : "mode changed"
            }
        return file.isBinary ? "\(kind), binary" : kind
    }

    private static func path(of file: FileDiff) -> String { file.path.description }

    private static func cut(_ text: String) -> String {
        let line = oneLine(text.prefix(longestLine).stripped)
        return text.count > longestLine ? line + "…" : line
    }

    private static func oneLine(_ text: String) -> String { text.replacing("\n", with: " ") }
}

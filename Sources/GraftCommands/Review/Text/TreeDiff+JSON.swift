import JSON
import Repository
import Responses
import Text

extension TreeDiff {
    /// Writes the files with their hunks; `piece` is the number that `split` takes.
    func write(into writer: inout JSONWriter) {
        writer.member(
            "diff",
            array: { writer in
                for (position, file) in files.enumerated() {
                    let pieces = pieces.filter { $0.file == position }
                    writer.object { file.write(pieces, into: &$0) }
                }
            })
    }
}

extension FileDiff {
    fileprivate func write(_ pieces: [TreeDiff.Piece], into writer: inout JSONWriter) {
        writer.member("path", path.text)
        if let oldPath, oldPath != path { writer.member("old_path", oldPath.text) }
        writer.member("kind", kind.rawValue)
        writer.member("old_mode", String(oldMode, radix: 8))
        writer.member("new_mode", String(newMode, radix: 8))
        writer.member("binary", isBinary)
        if let whole = pieces.first(where: { $0.hunk == nil }) { writer.member("piece", whole.id) }
        writer.member(
            "hunks",
            array: { writer in
                for (index, hunk) in hunks.enumerated() {
                    writer.object {
                        if let piece = pieces.first(where: { $0.hunk == index }) { $0.member("piece", piece.id) }
                        hunk.write(into: &$0)
                    }
                }
            })
    }
}

extension DiffHunk {
    fileprivate func write(into writer: inout JSONWriter) {
        writer.member("old_start", oldStart)
        writer.member("old_count", oldCount)
        writer.member("new_start", newStart)
        writer.member("new_count", newCount)
        writer.member("heading", heading)
        writer.member(
            "lines",
            array: {
                for line in lines {
                    $0.object {
                        $0.member("kind", line.kind == .added ? "added" : line.kind == .removed ? "removed" : "context")
                        $0.member("text", line.text)
                        if !line.hasNewline { $0.member("newline", false) }
                    }
                }
            })
    }
}

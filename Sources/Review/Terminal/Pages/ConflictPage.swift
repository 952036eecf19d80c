import Repository
import Terminal
import Text

/// The places in which two changes meet, as lines to read.
enum ConflictPage {
    static func lines(of conflict: SeriesConflict) -> [StyledLine] {
        var lines: [StyledLine] = []
        for file in conflict.files {
            if !lines.isEmpty { lines.append("") }
            var heading = StyledLine(file.path.text.markedLine, .strong)
            heading.append("  " + file.kind.explanation)
            lines.append(heading)
            for hunk in file.hunks {
                lines.append("")
                lines += side("there now", hunk.ours, .removed)
                lines += side("before both", hunk.base, .faint)
                lines += side("as the commit wants it", hunk.theirs, .added)
            }
        }
        return lines
    }

    private static func side(_ name: String, _ side: ConflictHunk.Side, _ tone: TextTone) -> [StyledLine] {
        let place = side.lines.isEmpty ? "no line" : "line \(side.line)"
        return [StyledLine("  \(name), \(place)", .place)] + side.lines.map { StyledLine("    " + $0.markedLine, tone) }
    }
}

extension FileConflict.Kind {
    fileprivate var explanation: String {
        switch self {
        case .content: "both sides changed the same lines"
        case .binary: "both sides changed it, and it cannot be merged by lines"
        case .bothAdded: "both sides added it"
        case .missing: "it is not there, and the commit changes it"
        case .deleted: "it has changed, and the commit deletes it"
        }
    }
}

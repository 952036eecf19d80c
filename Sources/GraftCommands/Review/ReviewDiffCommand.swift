import ArgumentParser
import JSON
import Repository
import Responses
import Review
import Terminal
import Text

/// `graft review diff`: the change of a commit or of the whole series, in git's format.
struct ReviewDiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Print the change of a commit, or of the whole series, as a unified diff.")

    @OptionGroup var options: ReviewOptions

    @Flag(help: "Only the files, with how many lines were added and removed.")
    var stat = false

    @Argument(help: ArgumentHelp("The commit (default: the whole series).", valueName: "commit"))
    var commit: String?

    func run() async throws {
        try await options.review { session, printer in
            let (old, new) = try range(in: session)
            let diff = try session.repository.treeDiff(
                from: try session.repository.treeID(of: old), to: try session.repository.treeID(of: new))
            if !stat, !printer.isJSON {
                let patch = try session.repository.patch(from: old, to: new)
                guard printer.style.hasColor else { return printer.output.write(patch) }
                let lines = patch.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
                    .map { printer.style.diffLine(String(decoding: $0, as: UTF8.self).marked) }
                return printer.output.write(lines.joined(separator: "\n"))
            }
            printer.show(DiffStatText(diff, style: printer.style).text) { writer in
                writer.member("from", old.hex)
                writer.member("to", new.hex)
                if stat { Self.writeStat(diff, into: &writer) } else { diff.write(into: &writer) }
            }
        }
    }

    private func range(in session: ReviewSession) throws -> (CommitID, CommitID) {
        let targets = try ReviewTargets(session)
        guard let commit else { return (session.start, targets.series.last?.id ?? session.start) }
        let chosen = try targets.one(commit)
        return (chosen.commit.parents.first ?? session.start, chosen.id)
    }

    private static func writeStat(_ diff: TreeDiff, into writer: inout JSONWriter) {
        writer.member(
            "files",
            array: {
                for file in diff.files {
                    $0.object {
                        $0.member("path", file.path.text)
                        $0.member("kind", file.kind.rawValue)
                        $0.member("added", file.addedLines)
                        $0.member("removed", file.removedLines)
                        $0.member("binary", file.isBinary)
                    }
                }
            })
    }
}

/// The files of a difference with their figures, for a person.
struct DiffStatText {
    let diff: TreeDiff
    let style: TerminalStyle

    init(_ diff: TreeDiff, style: TerminalStyle) {
        self.diff = diff
        self.style = style
    }

    var text: String {
        let added = diff.files.map { $0.isBinary ? "bin" : "+\($0.addedLines)" }
        let removed = diff.files.map { $0.isBinary ? "" : "-\($0.removedLines)" }
        let widths = (added.map(\.count).max() ?? 0, removed.map(\.count).max() ?? 0)
        let lines = diff.files.indices.map { position in
            let file = diff.files[position]
            let name = file.kind == .renamed ? "\(file.oldPath?.text ?? "") → \(file.path.text)" : file.path.text
            return "  \(file.kind.rawValue)  " + style(.good, added[position].aligned(to: widths.0)) + "  "
                + style(.bad, removed[position].aligned(to: widths.1)) + "  \(name.markedLine)\n"
        }
        let total = (diff.files.reduce(0) { $0 + $1.addedLines }, diff.files.reduce(0) { $0 + $1.removedLines })
        let count = diff.files.count == 1 ? "1 file" : "\(diff.files.count) files"
        return lines.joined() + style(.faint, "  \(count), +\(total.0) -\(total.1)") + "\n"
    }
}

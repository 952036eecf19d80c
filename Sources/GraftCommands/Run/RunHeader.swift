import Session
import Terminal
import Text

/// What a run works on and with, as rows.
struct RunHeader {
    private static let width = 11
    private static let taskLines = 6

    private let start: RunStart
    private let style: TerminalStyle

    init(_ start: RunStart, style: TerminalStyle) {
        self.start = start
        self.style = style
    }

    var text: String {
        rows.map { name, value in
            let line = style(.faint, name.padded(to: Self.width)) + value
            return style.filled(line, indent: Self.width) + "\n"
        }.joined()
    }

    private var rows: [(String, String)] {
        var rows = [
            ("repository", "\(start.repository) at \(start.base.prefix(10))".marked), ("branch", start.branch.marked),
        ]
        if let task = start.task { rows += task.isEmpty ? [] : taskRows(task) }
        rows.append(("command", command))
        rows.append(("model", "\(start.model) at \(start.endpoint)".marked))
        rows.append(("sandbox", start.sandbox.marked))
        switch start.treeKind {
        case .overlay: rows.append(("tree", "an overlay of the checkout"))
        case .inPlace: rows.append(("tree", "the checkout itself"))
        case .worktree, nil: break
        }
        return rows
    }

    private func taskRows(_ task: String) -> [(String, String)] {
        let lines = task.marked.split(separator: "\n", omittingEmptySubsequences: true).map(String.init)
        let left = lines.count - Self.taskLines
        let shown = lines.prefix(Self.taskLines) + (left > 0 ? [style(.faint, "… \(left) more lines")] : [])
        return shown.enumerated().map { ($0 == 0 ? "task" : "", $1) }
    }

    private var command: String {
        guard let command = start.command else { return "none: nothing will prove the work" }
        let source =
            switch start.commandSource {
            case .user: "  (verify in your config.toml)"
            case .repository: "  (verify in the repository's .graft/config.toml)"
            case .proposal: "  (proposed)"
            case nil: ""
            }
        return command.marked + style(.faint, source)
    }
}

import Session
import Terminal
import Text

/// A plan of the model as a person reads it.
struct TodoText {
    private let list: TodoList

    init(_ list: TodoList) { self.list = list }

    /// One row a step, with its mark.
    var rows: StandingRows {
        let current = list.steps.firstIndex { $0.status == .inProgress }
        let next = list.steps.firstIndex { $0.status == .pending }
        return StandingRows(
            list.steps.map { .init(Self.tone($0), "  " + Self.line($0)) },
            focus: current ?? next ?? list.steps.count - 1)
    }

    /// The whole list.
    func text(_ style: TerminalStyle) -> String {
        let count = list.steps.count == 1 ? "1 step" : "\(list.steps.count) steps"
        let done = list.doneCount > 0 ? ", \(list.doneCount) done" : ""
        let why = list.explanation.map { style(.faint, style.filled("  " + $0.markedLine, indent: 2)) + "\n" } ?? ""
        return "\n" + style(.strong, "plan") + style(.faint, "  \(count)\(done)") + "\n" + why
            + list.steps.map { style(Self.tone($0), style.filled("  " + Self.line($0), indent: 4)) + "\n" }.joined()
    }

    /// The steps that were not done in an earlier list; empty where there is none.
    func newlyDone(since earlier: TodoList, _ style: TerminalStyle) -> String {
        var before = earlier.steps.filter { $0.status == .completed }.map(\.text)
        let done = list.steps.filter { step in
            guard step.status == .completed else { return false }
            guard let place = before.firstIndex(of: step.text) else { return true }
            before.remove(at: place)
            return false
        }
        guard !done.isEmpty else { return "" }
        let count = style(.faint, "  \(list.doneCount) of \(list.steps.count)")
        let lines = done.map { style.filled(style(.good, "✓") + " " + $0.text.markedLine, indent: 2) }
        return "\n" + lines.joined(separator: "\n") + count + "\n"
    }

    /// A step with its mark.
    static func line(_ step: TodoList.Step) -> String { "\(mark(step.status)) \(step.text.markedLine)" }

    private static func mark(_ status: TodoList.Status) -> String {
        switch status {
        case .pending: "○"
        case .inProgress: "▸"
        case .completed: "✓"
        }
    }

    private static func tone(_ step: TodoList.Step) -> TextTone {
        switch step.status {
        case .pending: .plain
        case .inProgress: .strong
        case .completed: .faint
        }
    }
}

import Agent
import Session
import Synchronization
import Terminal
import Text

/// Shows a question's answer as it comes, and on a terminal what the model does meanwhile.
final class AskView: Sendable {
    private struct State {
        var progress = RunProgress()
        /// Whether words have come that have not ended.
        var isStreaming = false
    }

    private let screen: LiveScreen
    private let state = Mutex(State())
    private let showsWork: Bool

    /// - Parameter showsWork: Whether commands and the words on the way are shown.
    init(screen: LiveScreen, showsWork: Bool) {
        self.screen = screen
        self.showsWork = showsWork
    }

    /// What a question tells.
    var view: QuestionView {
        QuestionView(
            answer: { self.stream($0) }, commentary: { if self.showsWork { self.stream($0) } },
            event: { self.show($0) })
    }

    /// Ends the words, writes what stands below them, and gives the terminal back.
    func end(_ notes: String?) {
        state.withLock { endWords(&$0) }
        screen.show(notes)
        screen.end()
    }

    private func stream(_ text: String) {
        state.withLock { state in
            if !state.isStreaming { screen.show { $0.wait(for: "writing") } }
            state.isStreaming = true
            screen.stream(text.marked)
        }
    }

    private func endWords(_ state: inout State) {
        guard state.isStreaming else { return }
        state.isStreaming = false
        screen.endStream()
    }

    private func show(_ event: RunEvent) {
        state.withLock { state in
            switch event {
            case .textDelta, .reasoningDelta: return
            case .progress(let progress):
                if case .drafting = progress { endWords(&state) }
                let change = state.progress.change(after: progress)
                switch progress {
                case .output, .added: screen.update(change)
                default: screen.show(nil, change)
                }
            case .notice(let text):
                endWords(&state)
                screen.note("graft: \(text.marked)")
            default:
                endWords(&state)
                screen.show(line(for: event), state.progress.change(after: event))
            }
        }
    }

    /// The line that a command is shown with.
    private func line(for event: RunEvent) -> String? {
        guard showsWork else { return nil }
        if let line = event.hostedLine { return screen.style(.faint, line) + "\n" }
        guard case .itemStarted(let item) = event else { return nil }
        let command: String
        switch item.content {
        case .commandExecution(let line, nil): command = line
        case .startedCommand(let started): command = started.command
        default: return nil
        }
        return screen.style(.faint, "$ \(command.marked)") + "\n"
    }
}

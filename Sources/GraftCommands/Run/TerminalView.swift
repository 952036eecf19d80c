import Responses
import Session
import Synchronization
import Terminal
import Text

/// Shows a run to a person while it happens.
final class TerminalView: Sendable {
    private struct State {
        /// What has been streamed of the message that is being written.
        var streamed = ""
        /// Messages that were streamed to their end and have not come as items yet.
        var finished: [String] = []
        /// What has come meanwhile and stands below the message that is being written.
        var held = ""
        var run = RunProgress()
        var text: RunText
    }

    private let screen: LiveScreen
    private let state: Mutex<State>

    init(screen: LiveScreen) {
        self.screen = screen
        state = Mutex(State(text: RunText(style: screen.style) { screen.prose($0) }))
    }

    /// Shows one event.
    func show(_ event: RunEvent) {
        state.withLock { state in
            switch event {
            case .textDelta(let text, _): stream(text, &state)
            case .progress(let progress): show(progress, &state)
            default: settle(event, &state)
            }
        }
    }

    private func stream(_ text: String, _ state: inout State) {
        if state.streamed.isEmpty {
            screen.show("\n") { $0.wait(for: "writing") }
        }
        state.streamed += text
        screen.stream(text.marked)
    }

    /// Ends the line of a message that has come; returns whether there was one.
    @discardableResult
    private func endMessage(_ state: inout State) -> Bool {
        guard !state.streamed.isEmpty else { return false }
        screen.endStream()
        screen.show("\n" + state.held)
        state.finished.append(state.streamed)
        (state.streamed, state.held) = ("", "")
        return true
    }

    private func show(_ progress: Progress, _ state: inout State) {
        if case .drafting = progress { endMessage(&state) }
        let change = state.run.change(after: progress)
        switch progress {
        case .output, .added: screen.update(change)
        default: screen.show(nil, change)
        }
    }

    private func settle(_ event: RunEvent, _ state: inout State) {
        if isShown(event, &state) {
            return screen.show(event.item.flatMap(state.text.sources), state.run.change(after: event))
        }
        let text = state.text.render(event)
        let isOver = event.kind == .runFinished
        if !state.streamed.isEmpty {
            switch event {
            case .commitCreated, .itemCompleted:
                // What belongs to a response, or was committed while it came, stands below its words.
                state.held += text ?? ""
                return
            case .eventsMissed:
                // What was streamed is not whole any more: the message comes at its end.
                endMessage(&state)
                state.finished = []
            case _ where text != nil: endMessage(&state)
            default: break
            }
        }
        if case .turnStarted = event { state.finished = [] }
        screen.show(text, state.run.change(after: event))
        if isOver { screen.end() }
    }

    /// Whether an event is a message that has been streamed; its sources have not.
    private func isShown(_ event: RunEvent, _ state: inout State) -> Bool {
        guard case .itemCompleted(let item) = event, case .agentMessage(let text, _) = item.content else {
            return false
        }
        if let place = state.finished.firstIndex(of: text) {
            state.finished.remove(at: place)
            return true
        }
        return endMessage(&state)
    }
}

extension RunEvent {
    /// What has ended.
    fileprivate var item: RunItem? { if case .itemCompleted(let item) = self { item } else { nil } }
}

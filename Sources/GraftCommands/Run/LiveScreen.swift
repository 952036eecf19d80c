import Dispatch
import Synchronization
import Terminal

/// What a command that takes its time shows: text that stays, and on a terminal below it what is being waited for.
///
/// Everything comes out in the order in which it is given. What is waited for is drawn anew when something happens, at
/// most some times a second and never later than that, and each second for the time that has passed.
final class LiveScreen: Sendable {
    private struct State {
        var status: StatusLine
        var stream: MarkdownStream
        var isPaused = false
        var isOver = false
        /// Whether there will be a look at what has come since the lines were drawn.
        var awaitsLook = false
        /// When text came last that has not ended.
        var lastText: ContinuousClock.Instant?
    }

    /// Output of a command may come faster than anybody can read it.
    private static let shortestInterval: Duration = .milliseconds(80)
    /// What is waited for stands below words that are still coming only once they make a pause.
    private static let pauseOfWords: Duration = .seconds(1)

    /// How text looks here.
    let style: TerminalStyle
    private let output: StandardOutput
    private let state: Mutex<State>
    private let ticker = Mutex<(any DispatchSourceTimer)?>(nil)
    /// A thread of its own: a terminal that has stopped must stop nothing else.
    private let queue = DispatchQueue(label: "graft.ticker")

    init(output: StandardOutput, style: TerminalStyle) {
        self.output = output
        self.style = style
        state = Mutex(State(status: StatusLine(style: style), stream: MarkdownStream(style: style)))
    }

    /// Takes the terminal: what is typed is not shown any more, and the time is.
    func begin() {
        guard style.isLive else { return }
        TypedInput.hide()
        ticker.withLock { ticker in
            let timer = DispatchSource.makeTimerSource(queue: queue)
            timer.setEventHandler { [weak self] in self?.tick() }
            timer.schedule(deadline: .now() + 1, repeating: 1)
            timer.resume()
            ticker = timer
        }
    }

    /// Gives the terminal back for good.
    func end() {
        state.withLock { state in
            guard !state.isOver else { return }
            state.isOver = true
            state.status.end()
            output.write(state.status.erased())
        }
        ticker.withLock { $0?.cancel() }
        if style.isLive { TypedInput.show() }
    }

    /// Gives the terminal away until `resume`.
    func pause() {
        state.withLock { state in
            state.isPaused = true
            output.write(state.status.erased())
        }
        if style.isLive { TypedInput.show() }
    }

    /// Takes the terminal back.
    func resume() {
        guard style.isLive else { return }
        TypedInput.hide()
        state.withLock { state in
            state.isPaused = false
            redraw(&state)
        }
    }

    /// Writes text that stays, and changes what is waited for.
    func show(_ text: String? = nil, _ change: (inout StatusLine) -> Void = { _ in }) {
        state.withLock { state in
            change(&state.status)
            if let text, !text.isEmpty {
                output.write(state.status.erased() + text)
            } else if !state.status.isStale {
                return
            }
            if state.lastText == nil { redraw(&state) }
        }
    }

    /// Changes what is waited for, or takes in its output, which may come often.
    func update(_ change: (inout StatusLine) -> Void) {
        state.withLock { state in
            change(&state.status)
            guard state.status.isStale, state.lastText == nil else { return }
            let age = state.status.age ?? Self.shortestInterval
            if age >= Self.shortestInterval { return redraw(&state) }
            guard !state.awaitsLook else { return }
            state.awaitsLook = true
            let milliseconds = (Self.shortestInterval - age).components.attoseconds / 1_000_000_000_000_000
            queue.asyncAfter(deadline: .now() + .milliseconds(Int(milliseconds) + 1)) { [weak self] in self?.look() }
        }
    }

    /// Draws what has come since the lines were drawn.
    private func look() {
        state.withLock { state in
            state.awaitsLook = false
            if state.status.isStale, state.lastText == nil { redraw(&state) }
        }
    }

    /// Writes a line on standard error, above what is waited for.
    func note(_ line: String) {
        state.withLock { state in
            output.write(state.status.erased() + (state.lastText == nil ? "" : "\n"))
            StandardError.write(line)
            if state.lastText == nil { redraw(&state) }
        }
    }

    /// Writes words as they come, Markdown where the output shows it.
    func stream(_ words: String) {
        state.withLock { state in
            state.lastText = .now
            write(state.stream.add(words), &state)
        }
    }

    /// Ends the words that have come.
    func endStream() {
        state.withLock { state in
            state.lastText = nil
            write(state.stream.end(), &state)
        }
    }

    /// Words that have come whole, as `stream` would show them.
    func prose(_ text: String) -> String {
        var stream = MarkdownStream(style: style)
        return stream.add(text) + stream.end()
    }

    private func tick() {
        state.withLock { state in
            guard !state.isPaused, !state.isOver else { return }
            // After `fg` the terminal is this program's again.
            TypedInput.hide()
            if let last = state.lastText, .now - last < Self.pauseOfWords { return }
            redraw(&state)
        }
    }

    private func write(_ text: String, _ state: inout State) {
        let text = state.status.erased() + text
        if !text.isEmpty { output.write(text) }
    }

    private func redraw(_ state: inout State) {
        var text = state.status.erased()
        // Where the line above ends is not known if the terminal has broken it.
        let column = state.lastText == nil ? 0 : state.stream.column
        if !state.isPaused, !state.isOver, !TypedInput.isInBackground, let column {
            text += state.status.drawn(at: column)
        }
        if !text.isEmpty { output.write(text) }
    }
}

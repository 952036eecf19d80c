import Responses
import Synchronization

/// The model of a question: the first request goes over HTTP, as most need no other; once the model calls tools, a
/// socket is opened while they run.
actor QuestionModel: Model {
    /// Why the last response was cut short, if it was.
    private(set) var cutShort: String?
    private let view: QuestionView
    private let willCallTools: @Sendable () -> Void
    private let client: @Sendable (_ usesSocket: Bool) -> any Model
    private var current: any Model
    private var hasSocket = false
    private var style: ResponseStyle?

    /// - Parameters:
    ///   - willCallTools: Is told as soon as a call begins to come.
    ///   - client: Makes a client; one with a socket opens it at once.
    init(
        view: QuestionView, willCallTools: @escaping @Sendable () -> Void,
        client: @escaping @Sendable (_ usesSocket: Bool) -> any Model
    ) {
        self.view = view
        self.willCallTools = willCallTools
        self.client = client
        current = client(false)
    }

    func respond(to window: Window, observer: ModelObserver) async throws -> ModelResponse {
        let shown = ShownText(view)
        defer { shown.endLine() }
        let response = try await current.respond(to: window, observer: watched(observer, shown))
        if case .incomplete(let reason) = response.end.outcome { cutShort = reason } else { cutShort = nil }
        if !hasSocket, response.items.contains(where: { ToolCall($0) != nil }) {
            await current.close()
            current = client(true)
            if let style { await current.adopt(style) }
            hasSocket = true
        }
        return response
    }

    func adopt(_ style: ResponseStyle) async {
        self.style = style
        await current.adopt(style)
    }

    func close() async { await current.close() }

    private func watched(_ observer: ModelObserver, _ shown: ShownText) -> ModelObserver {
        let willCallTools = willCallTools
        return ModelObserver(
            sent: observer.sent,
            event: { event in
                switch event {
                case .itemStarted(let index, let type, _, let phase):
                    shown.begin(index, phase)
                    if Item.isOfClientCall(type) { willCallTools() }
                case .textDelta(let index, let text): shown.show(text, of: index)
                default: break
                }
                observer.event(event)
            },
            notice: {
                shown.endLine()
                observer.notice($0)
            })
    }
}

/// The text of one response as it streams.
private final class ShownText: Sendable {
    private struct State {
        var commentary: Set<Int> = []
        /// Ends the line that is being written.
        var end: (@Sendable (String) -> Void)?
    }

    private let view: QuestionView
    private let state = Mutex(State())

    init(_ view: QuestionView) { self.view = view }

    func begin(_ index: Int, _ phase: Item.Phase?) {
        state.withLock { state in
            if phase == .commentary { state.commentary.insert(index) } else { state.commentary.remove(index) }
        }
    }

    func show(_ text: String, of index: Int) {
        let write = state.withLock { state in
            let write = state.commentary.contains(index) ? view.commentary : view.answer
            state.end = write
            return write
        }
        write(text)
    }

    func endLine() {
        let end = state.withLock { state in
            defer { state.end = nil }
            return state.end
        }
        end?("\n")
    }
}

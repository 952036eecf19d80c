import Agent
import JSON
import Prompts
import Responses
import Session
import Synchronization

/// A model that says what a test has written down, and remembers what it was asked with.
final class ScriptedModel: Model {
    /// What comes for one request.
    struct Turn: Sendable {
        fileprivate let play: @Sendable (ScriptedModel, ModelObserver) async throws -> ModelResponse

        /// A response of these items.
        static func says(
            _ items: String..., tokens: Int? = nil, cutOff reason: String? = nil, telling: [ServerEvent] = [],
            notices: [String] = []
        ) -> Turn {
            Turn { model, observer in
                for event in telling { observer.event(event) }
                for notice in notices { observer.notice(notice) }
                var response = #"{"id":"resp""#
                if let tokens { response += #","usage":{"input_tokens":\#(tokens),"output_tokens":0}"# }
                if let reason {
                    response += #","status":"incomplete","incomplete_details":{"reason":"\#(reason)"}"#
                }
                return ModelResponse(
                    end: ResponseEnd(try JSON(response + "}")), items: try items.map { try Item(Array($0.utf8)) },
                    lastEvent: model.clock.now, duration: .zero)
            }
        }

        /// No response.
        static func fails(_ error: any Error) -> Turn { Turn { _, _ in throw error } }

        /// No response, ever; the task has to be cancelled.
        static func hangs(_ halt: Halt = Halt()) -> Turn {
            Turn { _, _ in
                try await halt.stay()
                throw CancellationError()
            }
        }

        /// A turn before which something happens.
        func after(_ action: @escaping @Sendable (ManualClock) async throws -> Void) -> Turn {
            Turn { model, observer in
                try await action(model.clock)
                return try await self.play(model, observer)
            }
        }
    }

    /// There is no further turn in the script.
    struct ScriptIsOver: Error {}

    /// How histories are made shorter behind this model.
    struct Compacting: Sendable {
        /// The ways there are.
        var routes: [CompactionReport.Route] = []
        /// What comes for requests that end in a trigger, one after the other.
        var triggers: [Turn] = []
        /// What comes for requests for a summary.
        var summaries: [Turn] = []
        /// What the endpoint makes of items, each time.
        var endpoint: @Sendable ([Item]) throws -> [Item] = { _ in [] }
        /// What the server counts.
        var count: Int?
    }

    private struct State {
        var turns: [Turn]
        var compacting = Compacting()
        var compacted: [[Item]] = []
        var windows: [Window] = []
        var styles: [ResponseStyle?] = []
        var style: ResponseStyle?
        var open = 0
    }

    private let story: Story
    private let clock: ManualClock
    private let state: Mutex<State>

    init(_ turns: [Turn], clock: ManualClock, story: Story) {
        state = Mutex(State(turns: turns))
        self.clock = clock
        self.story = story
    }

    /// The histories that it was asked with.
    var windows: [Window] { state.withLock { $0.windows } }

    /// The histories that were to be made shorter, as they were sent for that.
    var compacted: [[Item]] { state.withLock { $0.compacted } }

    /// Says how histories are made shorter.
    func compacting(_ compacting: Compacting) { state.withLock { $0.compacting = compacting } }

    /// The style that it was asked for in each request; nil before any was.
    var styles: [ResponseStyle?] { state.withLock { $0.styles } }

    /// How many requests are under way.
    var openRequests: Int { state.withLock { $0.open } }

    func respond(to window: Window, observer: ModelObserver) async throws -> ModelResponse {
        story.tell("model is asked")
        observer.sent("websocket", 1, 1)
        let turn = state.withLock { state in
            state.styles.append(state.style)
            state.open += 1
            if window.items.last == .compactionTrigger {
                state.compacted.append(window.items)
                return state.compacting.triggers.isEmpty ? nil : state.compacting.triggers.removeFirst()
            }
            if window.items.last?.messageText == Prompt.summarize {
                state.compacted.append(window.items)
                return state.compacting.summaries.isEmpty ? nil : state.compacting.summaries.removeFirst()
            }
            state.windows.append(window)
            return state.turns.isEmpty ? nil : state.turns.removeFirst()
        }
        defer { state.withLock { $0.open -= 1 } }
        guard let turn else { throw ScriptIsOver() }
        let response = try await turn.play(self, observer)
        story.tell("model has answered")
        return response
    }

    func adopt(_ style: ResponseStyle) { state.withLock { $0.style = style } }

    func close() {}

    var compactionRoutes: [CompactionReport.Route] { state.withLock { $0.compacting.routes } }

    func compact(_ items: [Item]) throws -> (items: [Item], usage: Usage?) {
        story.tell("server compacts")
        let endpoint = state.withLock {
            $0.compacted.append(items)
            return $0.compacting.endpoint
        }
        return (try endpoint(items), nil)
    }

    func countTokens(of items: [Item]) -> Int? { state.withLock { $0.compacting.count } }

    func breakChain() { story.tell("chain is broken") }
}

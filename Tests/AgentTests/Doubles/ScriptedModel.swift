import Agent
import JSON
import Responses
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

    private struct State {
        var turns: [Turn]
        var windows: [Window] = []
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

    /// How many requests are under way.
    var openRequests: Int { state.withLock { $0.open } }

    func respond(to window: Window, observer: ModelObserver) async throws -> ModelResponse {
        story.tell("model is asked")
        observer.sent("websocket", 1, 1)
        let turn = state.withLock { state in
            state.windows.append(window)
            state.open += 1
            return state.turns.isEmpty ? nil : state.turns.removeFirst()
        }
        defer { state.withLock { $0.open -= 1 } }
        guard let turn else { throw ScriptIsOver() }
        let response = try await turn.play(self, observer)
        story.tell("model has answered")
        return response
    }

    func close() {}
}

import JSON
import Responses

/// A scripted session: what the model says, turn by turn, and the faults in between.
///
/// A turn is one answered response. Turns are counted on a chain of responses, so any number of conversations can
/// play the same scenario at the same time.
public struct Scenario: Sendable {
    /// The scenario's name, used in error messages and in the log.
    public var name: String
    /// The model name that responses report; the request's own when nil.
    public var model: String?
    /// The turns in their order, with repetitions written out.
    public var turns: [Turn]
    /// How the WebSocket upgrade is refused, if it is.
    public var handshake: Handshake?
    /// How the compact endpoint is refused, if it is.
    public var compactFault: CompactFault?
    /// What a request gets when every turn has been answered.
    public var afterLast: AfterLast
    /// The age in milliseconds at which a WebSocket is told that it has reached its lifetime, and closed.
    public var connectionLifetimeMilliseconds: Int?
    /// How many connections are closed as soon as they come.
    public var refusedConnections = 0
    /// Whether requests may have members that the API does not document, as some clients' have.
    public var isLenient = false

    /// Makes a scenario from its turns.
    public init(name: String, model: String? = nil, turns: [Turn], afterLast: AfterLast = .error) {
        self.name = name
        self.model = model
        self.turns = turns
        self.afterLast = afterLast
    }

    /// How a WebSocket upgrade is refused.
    public struct Handshake: Sendable {
        /// With an HTTP status and a JSON error body; nil for bytes.
        public var error: ScriptedError?
        /// The answer as it is; without any, no answer comes.
        public var bytes: [UInt8] = []
        /// How many upgrades are refused before they succeed; every one when nil.
        public var times: Int?
    }

    /// A refusal of the compact endpoint.
    public struct CompactFault: Sendable {
        /// The error; its status is the HTTP status.
        public var error: ScriptedError
        /// How many calls are refused before they succeed; every one when nil.
        public var times: Int?
    }

    /// What follows the last turn.
    public enum AfterLast: String, Sendable {
        /// The last turn again.
        case repeatLast = "repeat-last"
        /// A short final message.
        case finalMessage = "final-message"
        /// A 400 error that says that the scenario is over.
        case error
    }

    /// The turn that answers a chain on which `position` turns lie behind, or nil when the scenario is over.
    func turn(at position: Int) -> Turn? {
        if position < turns.count { return turns[position] }
        switch afterLast {
        case .repeatLast: return turns.last
        case .finalMessage: return Turn(items: [Self.finalMessage].compactMap(\.self))
        case .error: return nil
        }
    }

    private static let finalMessage = try? JSON(
        #"{"type":"message","phase":"final_answer","content":[{"type":"output_text","text":"Done."}]}"#)  // constant
}

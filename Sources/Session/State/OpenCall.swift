public import Responses

/// A call of the model that has no answer yet.
public struct OpenCall: Sendable, Equatable {
    /// The call, as the server sent it.
    public let item: Item
    /// Whether it was started: what it has done then is not known unless it is recorded, and it must not be run again.
    public let isStarted: Bool
    /// What is recorded of it all the same.
    public let trace: Trace

    /// What the events tell of a call that was being run.
    public struct Trace: Sendable, Equatable {
        /// The shell lines that had come to their end, in order.
        public internal(set) var commands: [CommandReport] = []
        /// What became of its patch.
        public internal(set) var patch: PatchReport?
        /// What the tool has answered, or why the call was refused.
        public internal(set) var text: String?

        /// Whether this is about a call that was never started, or about a patch.
        static func isOfRefusal(_ content: RunItem.Content) -> Bool {
            switch content {
            case .fileChange, .error: true
            default: false
            }
        }

        mutating func take(_ content: RunItem.Content) {
            switch content {
            case .commandExecution(_, let report?): commands.append(report)
            case .fileChange(_, let report?): patch = report
            case .tool(let report) where report.status != .inProgress: text = report.output
            case .error(let message): text = message
            default: break
            }
        }
    }
}

/// The model's claim that the task is done, and what followed it.
public struct Claim: Sendable, Equatable {
    /// Its words.
    public let text: String
    /// How many responses there had been with it.
    public let turn: Int
    /// How many responses with calls there had been.
    public let stepCount: Int
    /// The first thing that it was told then; nil if nothing yet.
    public private(set) var reply: Item?
    /// How many things it was told since.
    public private(set) var replyCount = 0

    init(text: String, turn: Int, stepCount: Int) {
        self.text = text
        self.turn = turn
        self.stepCount = stepCount
    }

    mutating func take(_ message: Item) {
        if replyCount == 0 { reply = message }
        replyCount += 1
    }
}

public import Configuration
public import Responses

/// The limits of a run, and what has been used of them.
public struct Budget: Sendable {
    private let maxTurns: Int?
    private let maxTokens: Int?
    private let deadline: ContinuousClock.Instant?
    /// Responses so far.
    public private(set) var turns = 0
    /// Tokens so far.
    public private(set) var usage = Usage()

    /// Starts the clock.
    public init(settings: Settings, start: ContinuousClock.Instant) {
        maxTurns = settings.maxTurns
        maxTokens = settings.maxTokens
        deadline = settings.maxTime.map { start + $0 }
    }

    /// When the time is up, if there is a limit; an interruption ends the run then, whatever it does.
    public var end: ContinuousClock.Instant? { deadline }

    /// Takes note of a response.
    public mutating func spend(_ usage: Usage?) {
        turns += 1
        if let usage { self.usage += usage }
    }

    /// The limit of turns or tokens that has been reached, in words; nil while there is some left of each.
    public var exhausted: String? {
        if let maxTurns, turns >= maxTurns {
            return "\(turns == 1 ? "1 turn is" : "\(turns) turns are") used up (--max-turns)"
        }
        if let maxTokens, usage.total >= maxTokens { return "\(usage.total) tokens are used up (--max-tokens)" }
        return nil
    }
}

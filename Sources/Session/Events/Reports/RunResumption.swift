import JSON
import Text

/// A session goes on: why it had ended, and what is different from now on.
public struct RunResumption: Sendable, Equatable {
    /// When it goes on: seconds since 1970.
    public var time: Int
    /// How it had ended; nil if its process was killed.
    public var verdict: Verdict?
    /// What a person has said to it now; nil if it just goes on.
    public var prompt: String?
    /// The model's name.
    public var model: String
    /// The server.
    public var endpoint: String
    /// What commands may see and change from now on, as a policy file says it.
    public var policy: String?
    /// The limits, which count from here.
    public var limits = Limits()

    /// The limits of a run; nil where there is none.
    public struct Limits: Sendable, Equatable {
        /// The most responses.
        public var turns: Int?
        /// The most tokens.
        public var tokens: Int?
        /// The longest time.
        public var time: Duration?

        /// Starts without limits.
        public init() {}
    }

    /// Names the parts.
    public init(time: Int, verdict: Verdict?, prompt: String?, model: String, endpoint: String, policy: String?) {
        self.time = time
        self.verdict = verdict
        self.prompt = prompt
        self.model = model
        self.endpoint = endpoint
        self.policy = policy
    }
}

extension RunResumption {
    func write(into writer: inout JSONWriter) {
        writer.member("time", time)
        writer.member("after", verdict?.rawValue ?? Self.crashed)
        if let prompt { writer.member("prompt", prompt) }
        writer.member("model", model)
        writer.member("endpoint", endpoint)
        if let policy { writer.member("policy", policy) }
        if let turns = limits.turns { writer.member("max_turns", turns) }
        if let tokens = limits.tokens { writer.member("max_tokens", tokens) }
        if let time = limits.time { writer.member("max_time_ms", time.milliseconds) }
    }

    init?(_ json: JSON) {
        guard let ended = json["after"]?.string else { return nil }
        self.init(
            time: json["time"]?.int ?? 0, verdict: Verdict(rawValue: ended), prompt: json["prompt"]?.string,
            model: json["model"]?.string ?? "", endpoint: json["endpoint"]?.string ?? "",
            policy: json["policy"]?.string)
        limits.turns = json["max_turns"]?.int
        limits.tokens = json["max_tokens"]?.int
        limits.time = json["max_time_ms"]?.milliseconds
    }

    private static let crashed = "crashed"
}

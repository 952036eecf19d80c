public import JSON

/// What a response cost, in tokens.
public struct Usage: Sendable, Equatable {
    /// Tokens of the input, those from the cache included.
    public var input = 0
    /// Input tokens that came from the prompt cache.
    public var cached = 0
    /// Tokens of the output, reasoning included.
    public var output = 0
    /// Output tokens that were reasoning.
    public var reasoning = 0

    /// Nothing used.
    public init() {}

    /// Reads a `usage` object; members that are missing count as zero.
    public init(_ json: JSON) {
        input = json["input_tokens"]?.int ?? 0
        cached = json["input_tokens_details"]?["cached_tokens"]?.int ?? 0
        output = json["output_tokens"]?.int ?? 0
        reasoning = json["output_tokens_details"]?["reasoning_tokens"]?.int ?? 0
    }

    /// Input and output together.
    public var total: Int { input + output }

    /// Adds the cost of another response.
    public static func += (left: inout Usage, right: Usage) {
        left.input += right.input
        left.cached += right.cached
        left.output += right.output
        left.reasoning += right.reasoning
    }
}

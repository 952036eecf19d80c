public import JSON

/// The tokens that a response used.
public struct Usage: Sendable, Equatable {
    /// Tokens of the input, including cached ones.
    public var input = 0
    /// Cached tokens of the input.
    public var cached = 0
    /// Tokens of the output, including reasoning.
    public var output = 0
    /// Reasoning tokens of the output.
    public var reasoning = 0

    /// Makes a usage of zero.
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

    /// Adds the usage of another response.
    public static func += (left: inout Usage, right: Usage) {
        left.input += right.input
        left.cached += right.cached
        left.output += right.output
        left.reasoning += right.reasoning
    }
}

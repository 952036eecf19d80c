public import JSON

/// The tokens that a response used.
public struct Usage: Sendable, Equatable {
    /// Tokens of the input, including cached ones.
    public var input = 0
    /// Cached tokens of the input.
    public var cached = 0
    /// Tokens of the input that were written to the cache, which some models charge more for.
    public var cacheWrite = 0
    /// Tokens of the output, including reasoning.
    public var output = 0
    /// Reasoning tokens of the output.
    public var reasoning = 0

    /// Makes a usage of zero.
    public init() {}

    /// Reads a `usage` object; members that are missing count as zero.
    public init(_ json: JSON) {
        // A number that no server can mean must not make a sum overflow.
        func count(_ value: JSON?) -> Int { min(max(value?.int ?? 0, 0), 1 << 40) }
        let (inputDetails, outputDetails) = (json["input_tokens_details"], json["output_tokens_details"])
        self.init()
        input = count(json["input_tokens"])
        cached = count(inputDetails?["cached_tokens"])
        cacheWrite = count(inputDetails?["cache_write_tokens"])
        output = count(json["output_tokens"])
        reasoning = count(outputDetails?["reasoning_tokens"])
    }

    /// Input and output together.
    public var total: Int { input + output }

    /// The part of the input that was cached, from 0 to 1; nil without any input.
    public var cachedShare: Double? {
        input > 0 ? min(Double(cached) / Double(input), 1) : nil
    }

    /// Adds the usage of another response.
    public static func += (left: inout Usage, right: Usage) {
        left.input += right.input
        left.cached += right.cached
        left.cacheWrite += right.cacheWrite
        left.output += right.output
        left.reasoning += right.reasoning
    }
}

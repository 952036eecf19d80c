import JSON
import Responses

/// What a response cost in tokens: estimated at four bytes a token, or as a scenario says.
struct Usage: Sendable {
    var input = 0
    var cached = 0
    var output = 0
    var reasoning = 0
    /// The scenario's own usage object, which goes out verbatim.
    var verbatim: JSON?

    static func tokens(bytes: Int) -> Int { (bytes + 3) / 4 }

    func write(to writer: inout JSONWriter) {
        if let verbatim { return writer.value(verbatim) }
        writer.object { writer in
            writer.member("input_tokens", input)
            writer.member(
                "input_tokens_details",
                object: { writer in
                    writer.member("cached_tokens", cached)
                    writer.member("cache_write_tokens", input - cached)
                })
            writer.member("output_tokens", output)
            writer.member("output_tokens_details", object: { $0.member("reasoning_tokens", reasoning) })
            writer.member("total_tokens", input + output)
        }
    }
}

import JSON
import Responses

extension Usage {
    func write(into writer: inout JSONWriter) {
        writer.member("input_tokens", input)
        writer.member("cached_input_tokens", cached)
        writer.member("cache_write_input_tokens", cacheWrite)
        writer.member("output_tokens", output)
        writer.member("reasoning_output_tokens", reasoning)
    }

    /// Reads usage as events show it.
    init(journal json: JSON) {
        // A number that no server can mean must not make a sum overflow.
        func count(_ name: String) -> Int { min(max(json[name]?.int ?? 0, 0), 1 << 40) }
        self.init()
        input = count("input_tokens")
        cached = count("cached_input_tokens")
        cacheWrite = count("cache_write_input_tokens")
        output = count("output_tokens")
        reasoning = count("reasoning_output_tokens")
    }
}

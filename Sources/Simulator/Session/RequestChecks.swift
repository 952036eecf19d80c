import JSON
import Responses

/// Checks of a request's top level that need no history (section "Request parameters" of the protocol).
enum RequestChecks {
    private static let common: Set<String> = [
        "model", "input", "instructions", "previous_response_id", "conversation", "store", "include", "reasoning",
        "text", "max_output_tokens", "max_tool_calls", "parallel_tool_calls", "tools", "tool_choice", "truncation",
        "context_management", "service_tier", "temperature", "top_p", "top_logprobs", "metadata",
        "safety_identifier", "user", "prompt", "prompt_cache_key", "prompt_cache_options", "prompt_cache_retention",
        "background", "stream", "stream_options", "moderation", "image", "access_programs",
    ]
    private static let webSocketOnly: Set<String> = ["type", "stream_id", "generate"]
    private static let compact: Set<String> = [
        "model", "input", "instructions", "previous_response_id", "prompt_cache_key", "prompt_cache_options",
        "prompt_cache_retention", "service_tier", "image",
    ]
    private static let inputTokens: Set<String> = [
        "model", "input", "instructions", "tools", "tool_choice", "previous_response_id", "conversation",
        "reasoning", "text", "truncation", "parallel_tool_calls", "personality",
    ]

    /// What a body is for.
    enum Purpose {
        case http, webSocket, compact, inputTokens

        var members: Set<String> {
            switch self {
            case .http: common
            case .webSocket: common.union(webSocketOnly)
            case .compact: RequestChecks.compact
            case .inputTokens: RequestChecks.inputTokens
            }
        }
    }

    /// What is wrong with a request's body; lenient checks take members that are not known.
    static func check(_ body: JSON, for purpose: Purpose, isLenient: Bool = false) -> APIError? {
        guard body.kind == .object else {
            return APIError("Invalid request: the body must be a JSON object.", code: "invalid_type")
        }
        let known = purpose.members
        if !isLenient, let member = body.members.first(where: { !known.contains($0.key) }) {
            return .unknown(member.key)
        }
        if let error = types(body) { return error }
        if purpose != .inputTokens, body["model"]?.string?.isEmpty ?? true { return .missing("model") }
        if purpose == .webSocket, body["background"]?.bool == true {
            return APIError(
                "Background responses are not supported over WebSocket connections.", code: "unsupported_parameter",
                param: "background")
        }
        if body["background"]?.bool == true, body["store"]?.bool == false {
            return APIError("Background mode requires 'store' to be true.", code: "invalid_value", param: "background")
        }
        if body["previous_response_id"]?.string != nil, body["conversation"].map({ !$0.isNull }) == true {
            return APIError(
                "'previous_response_id' cannot be used in conjunction with 'conversation'.",
                code: "mutually_exclusive_parameters", param: "previous_response_id")
        }
        return ToolChecks.check(body["tools"]) ?? limits(body)
    }

    /// A valid lane name, or the error for one that is not.
    static func lane(_ body: JSON) -> Result<String?, LaneError> {
        guard let value = body["stream_id"] else { return .success(nil) }
        let isValid =
            value.string.map { name in
                (1...256).contains(name.utf8.count)
                    && name.utf8.allSatisfy { byte in
                        switch byte {
                        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."),
                            UInt8(ascii: "-"):
                            true
                        default: false
                        }
                    }
            } ?? false
        return isValid ? .success(value.string) : .failure(LaneError())
    }

    /// A `stream_id` that the API does not take.
    struct LaneError: Error {
        let error = APIError(
            "Invalid 'stream_id': expected a string of 1 to 256 characters from A-Z, a-z, 0-9, '_', '.', '-'.",
            code: "invalid_stream_id", param: "stream_id")
    }

    private static let kinds: [(names: [String], kind: JSON.Kind, title: String)] = [
        (
            [
                "model", "instructions", "previous_response_id", "service_tier", "truncation", "safety_identifier",
                "user", "prompt_cache_key", "prompt_cache_retention",
            ], .string, "a string"
        ),
        (["store", "background", "stream", "parallel_tool_calls", "generate"], .bool, "a boolean"),
        (["max_output_tokens", "max_tool_calls", "temperature", "top_p", "top_logprobs"], .number, "a number"),
        (["include", "tools", "context_management"], .array, "an array"),
        (["reasoning", "text", "metadata", "stream_options", "prompt_cache_options", "prompt"], .object, "an object"),
    ]

    private static func types(_ body: JSON) -> APIError? {
        for (names, kind, title) in kinds {
            for name in names {
                guard let value = body[name], !value.isNull, value.kind != kind else { continue }
                return .type(name, expected: title, got: value)
            }
        }
        if let input = body["input"], !input.isNull, input.kind != .string, input.kind != .array {
            return .type("input", expected: "a string or an array of items", got: input)
        }
        return nil
    }

    private static func limits(_ body: JSON) -> APIError? {
        if let tokens = body["max_output_tokens"]?.int, tokens < 16 {
            return APIError(
                "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got \(tokens) "
                    + "instead.", code: "integer_below_min_value", param: "max_output_tokens")
        }
        if let key = body["prompt_cache_key"]?.string, key.utf8.count > 64 {
            return APIError(
                "Invalid 'prompt_cache_key': string too long. Expected a string with maximum length 64, but got a "
                    + "string with length \(key.utf8.count) instead.", code: "string_above_max_length",
                param: "prompt_cache_key")
        }
        for (index, entry) in (body["context_management"] ?? .empty).elements.enumerated()
        where entry["type"]?.string != "compaction" {
            return .value(
                "context_management[\(index)].type", entry["type"]?.string ?? "null", supported: ["compaction"])
        }
        return nil
    }
}

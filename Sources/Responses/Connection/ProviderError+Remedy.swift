extension ProviderError {
    /// What can be done about an error.
    public enum Remedy: Sendable, Equatable {
        /// Send the whole history on a new chain.
        case sendAll
        /// Open a new connection and send the whole history.
        case reconnect
        /// Wait, then try again.
        case retry
        /// The key is missing, wrong or not allowed.
        case credentials
        /// The conversation is too long for the model.
        case contextOverflow
        /// The server does not support this parameter.
        case dropParameter(String)
        /// Nothing: the same request would fail again.
        case none
    }

    /// Classifies the error (Responses API, "Errors and limits").
    public var remedy: Remedy {
        switch code {
        case "previous_response_not_found", "invalid_encrypted_content": return .sendAll
        case "websocket_connection_limit_reached", "websocket_stream_limit_reached": return .reconnect
        case "context_length_exceeded": return .contextOverflow
        case "server_is_overloaded", "slow_down", "server_error": return .retry
        case "invalid_api_key", "account_deactivated": return .credentials
        case "unsupported_parameter", "unknown_parameter", "unsupported_value":
            return parameter.map { .dropParameter($0) } ?? .none
        default: break
        }
        // The first item is the only one of a type that a server may not know yet.
        if message.contains(RequestEncoder.toolsItem) || parameter?.hasPrefix("input[0].type") == true {
            return .dropParameter(RequestEncoder.toolsItem)
        }
        if Self.quotaCodes.contains(code ?? "") || type == "insufficient_quota" { return .none }
        switch status {
        case 401, 403: return .credentials
        case 408, 409, 429: return .retry
        case let status? where status >= 500: return .retry
        case 400?, 413?: return isOverflowSentence ? .contextOverflow : .none
        case nil: return Self.finalCodes.contains(code ?? "") ? .none : .retry
        default: return .none
        }
    }

    private var isOverflowSentence: Bool {
        ["maximum context length", "max_model_len", "exceed_context_size", "context window"]
            .contains { message.contains($0) }
    }

    private static let quotaCodes: Set<String> = [
        "insufficient_quota", "credit_balance_exhausted", "organization_spend_limit_exceeded",
        "project_spend_limit_exceeded", "organization_usage_limit_exceeded", "usage_not_included",
    ]

    /// Codes of failed responses that no retry helps against.
    private static let finalCodes: Set<String> = [
        "invalid_prompt", "cyber_policy", "bio_policy", "misalignment_policy_violation", "data_residency_mismatch",
        "content_policy_violation", "invalid_request_error", "model_not_found", "unknown_type",
    ]
}

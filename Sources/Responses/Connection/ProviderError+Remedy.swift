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
        /// Nothing: the account does not pay for the request.
        case billing
        /// Nothing: a policy of the provider forbids the request.
        case policy
        /// Nothing: the same request would fail again.
        case none
    }

    /// Classifies the error (Responses API, "Errors and limits").
    public var remedy: Remedy {
        let remedy = ownRemedy
        // The server knows better than a status that usually means that no retry helps.
        return remedy == .none && shouldRetry == true ? .retry : remedy
    }

    private var ownRemedy: Remedy {
        if let inclusion = refusedInclusion { return .dropParameter(inclusion) }
        // Nothing else of a history has such a member that was not what the server had sent.
        if let parameter, parameter.hasPrefix("input["), parameter.hasSuffix("].result") {
            return .dropParameter(RequestEncoder.leftOutPictures)
        }
        // One of their names may be at fault, too.
        if let parameter, parameter.hasPrefix("tools["), parameter.contains(".skills") {
            return .dropParameter(RequestEncoder.skills)
        }
        switch code {
        case "previous_response_not_found", "invalid_encrypted_content": return .sendAll
        case "websocket_connection_limit_reached", "websocket_stream_limit_reached": return .reconnect
        case "server_is_overloaded", "slow_down", "server_error": return .retry
        case "invalid_api_key", "account_deactivated": return .credentials
        case "unsupported_parameter", "unknown_parameter", "unsupported_value":
            return parameter.map { .dropParameter($0) } ?? .none
        default: break
        }
        // The first item is the only one of a type that a server may not know yet.
        if message.contains(Item.toolsType) || parameter?.hasPrefix("input[0].type") == true {
            return .dropParameter(Item.toolsType)
        }
        if message.contains(RequestEncoder.search) || message.contains("defer_loading") {
            return .dropParameter(RequestEncoder.search)
        }
        let names = [code, type].compactMap { $0 }
        if names.contains(where: { Self.billingCodes.contains($0) || $0.contains("billing") || $0.contains("quota") }) {
            return .billing
        }
        if names.contains(where: { $0.contains("policy") || Self.filterCodes.contains($0) }) { return .policy }
        if isContextOverflow { return .contextOverflow }
        switch status {
        case 401, 403, 407: return .credentials
        case 402: return .billing
        case 408, 409, 425, 429: return .retry
        case let status? where status >= 500: return status == 501 || status == 505 ? .none : .retry
        case nil: return isFinalCode ? .none : .retry
        default: return .none
        }
    }

    /// The value of `include` that a server does not know, or `include` where it does not say which.
    private var refusedInclusion: String? {
        guard let parameter, parameter.hasPrefix("include"), status == nil || status == 400 || status == 422 else {
            return nil
        }
        return HostedTool.inclusions.first { message.contains($0) }.map { "include." + $0 } ?? parameter
    }

    /// Whether the code of a failed response says that the request itself is at fault.
    private var isFinalCode: Bool {
        guard let code else { return type == "invalid_request_error" }
        return Self.finalCodes.contains(code) || code.hasPrefix("invalid_")
    }

    private static let billingCodes: Set<String> = [
        "credit_balance_exhausted", "organization_spend_limit_exceeded", "project_spend_limit_exceeded",
        "organization_usage_limit_exceeded", "usage_not_included", "usage_limit_reached",
    ]

    private static let filterCodes: Set<String> = ["content_filter", "moderation_blocked"]

    /// Codes of failed responses that no retry helps against.
    private static let finalCodes: Set<String> = [
        "data_residency_mismatch", "model_not_found", "unknown_type", "response_not_found",
    ]
}

import JSON
import Responses

/// An error as the API answers it, over HTTP or on a WebSocket.
struct APIError: Sendable, Equatable {
    var status = 400
    var type = "invalid_request_error"
    var code: String?
    var message: String
    var param: String?
    var headers: [String: String] = [:]

    init(_ message: String, status: Int = 400, code: String? = nil, param: String? = nil) {
        self.status = status
        self.message = message
        self.code = code
        self.param = param
    }

    init(_ scripted: Scenario.ScriptedError) {
        self.init(scripted.message, status: scripted.status, code: scripted.code, param: scripted.param)
        type = scripted.type
        headers = scripted.headers
    }

    /// The members of the `error` object.
    private func write(to writer: inout JSONWriter, withHeaders: Bool) {
        writer.object { writer in
            writer.member("message", message)
            writer.member("type", type)
            writer.key("param")
            if let param { writer.string(param) } else { writer.null() }
            writer.key("code")
            if let code { writer.string(code) } else { writer.null() }
            guard withHeaders, !headers.isEmpty else { return }
            writer.member(
                "headers",
                object: { writer in
                    for (name, value) in headers.sorted(by: { $0.key < $1.key }) { writer.member(name, value) }
                })
        }
    }

    /// The body of an HTTP answer (section "Errors and limits" of the protocol).
    var body: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.key("error")
            write(to: &writer, withHeaders: false)
        }
        return writer.bytes
    }

    /// The error event on a WebSocket; `stream` names the lane it belongs to.
    func event(stream: String?) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("type", "error")
            writer.member("status", status)
            if let stream { writer.member("stream_id", stream) }
            writer.key("error")
            write(to: &writer, withHeaders: true)
        }
        return writer.bytes
    }

    /// Type, code and message that usually come with a status.
    static func usual(status: Int) -> (type: String, code: String?, message: String) {
        switch status {
        case 401: ("invalid_request_error", "invalid_api_key", "Incorrect API key provided.")
        case 403: ("invalid_request_error", nil, "You do not have access to this resource.")
        case 404: ("invalid_request_error", "model_not_found", "The requested resource does not exist.")
        case 413: ("invalid_request_error", nil, "The request body is too large.")
        case 426: ("invalid_request_error", nil, "WebSocket connections are not available here.")
        case 429: ("rate_limit_error", "rate_limit_exceeded", "Rate limit reached. Please try again in 1s.")
        case 503:
            ("server_error", "server_is_overloaded", "The engine is currently overloaded, please try again later.")
        case 500...: ("server_error", "server_error", "The server had an error while processing your request.")
        default: ("invalid_request_error", nil, "The scenario refuses this request.")
        }
    }
}

extension APIError {
    static let notJSON = APIError(
        "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library "
            + "correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON.)")

    static func missing(_ param: String) -> APIError {
        APIError("Missing required parameter: '\(param)'.", code: "missing_required_parameter", param: param)
    }

    static func unknown(_ param: String) -> APIError {
        APIError("Unknown parameter: '\(param)'.", code: "unknown_parameter", param: param)
    }

    static func type(_ param: String, expected: String, got value: JSON) -> APIError {
        APIError(
            "Invalid type for '\(param)': expected \(expected), but got \(value.typeTitle) instead.",
            code: "invalid_type", param: param)
    }

    static func value(_ param: String, _ value: String, supported: [String]) -> APIError {
        let list = supported.map { "'\($0)'" }.joined(separator: ", ")
        return APIError(
            "Invalid value: '\(value)'. Supported values are: \(list).", code: "invalid_value", param: param)
    }

    static func previousResponseNotFound(_ id: String) -> APIError {
        APIError(
            "Previous response with id '\(id)' not found.", code: "previous_response_not_found",
            param: "previous_response_id")
    }

    static func encryptedContent(_ id: String, param: String) -> APIError {
        APIError(
            "The encrypted content for item \(id) could not be verified. Reason: Encrypted content could not be "
                + "decrypted or parsed.", code: "invalid_encrypted_content", param: param)
    }
}

extension JSON {
    /// The kind as the API names it in messages.
    var typeTitle: String {
        switch kind {
        case .null: "null"
        case .bool: "a boolean"
        case .number: int == nil ? "a decimal" : "an integer"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

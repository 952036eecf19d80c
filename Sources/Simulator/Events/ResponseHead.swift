import JSON
import Responses

/// The parts of a response object that do not change while it is produced.
struct ResponseHead: Sendable {
    let id: String
    let createdAt: Int
    let model: String
    private let request: JSON

    init(id: String, createdAt: Int, model: String, request: JSON) {
        self.id = id
        self.createdAt = createdAt
        self.model = model
        self.request = request
    }

    /// The response that the request continues.
    var previousID: String? { request["previous_response_id"]?.string }

    /// The response object in one state.
    struct State: Sendable {
        var status = "in_progress"
        var output: [JSON] = []
        var usage: Usage?
        var failure: APIError?
        var incompleteReason: String?
        var completedAt: Int?
    }

    /// Writes the response object (section "The Response object" of the protocol).
    func write(_ state: State, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", id)
            writer.member("object", "response")
            writer.member("created_at", createdAt)
            writer.key("completed_at")
            if let at = state.completedAt { writer.int(at) } else { writer.null() }
            writer.member("status", state.status)
            writer.key("error")
            if let failure = state.failure {
                writer.object { writer in
                    writer.member("code", failure.code ?? "server_error")
                    writer.member("message", failure.message)
                }
            } else {
                writer.null()
            }
            writer.key("incomplete_details")
            if let reason = state.incompleteReason {
                writer.object { $0.member("reason", reason) }
            } else {
                writer.null()
            }
            writer.member("model", model)
            writer.member("output", array: { writer in for item in state.output { writer.value(item) } })
            echo(to: &writer)
            writer.key("usage")
            if let usage = state.usage { usage.write(to: &writer) } else { writer.null() }
        }
    }

    /// The members that repeat the request's, with the API's defaults.
    private func echo(to writer: inout JSONWriter) {
        let defaults: [(String, String?)] = [
            ("background", "false"), ("instructions", "null"), ("max_output_tokens", "null"),
            ("max_tool_calls", "null"), ("metadata", "{}"), ("parallel_tool_calls", "true"),
            ("previous_response_id", "null"), ("store", "true"), ("temperature", "null"), ("tool_choice", "\"auto\""),
            ("tools", "[]"), ("top_p", "null"), ("truncation", "\"disabled\""), ("prompt_cache_key", nil),
            ("prompt_cache_retention", nil), ("safety_identifier", nil), ("top_logprobs", nil), ("user", nil),
        ]
        for (name, fallback) in defaults {
            let given = request[name].flatMap { $0.isNull ? nil : $0 }
            guard given != nil || fallback != nil else { continue }
            writer.key(name)
            writer.raw(given.map { Array($0.raw) } ?? Array((fallback ?? "").utf8))
        }
        object("reasoning", ["effort": "\"medium\"", "summary": "null"], to: &writer)
        object("text", ["format": #"{"type":"text"}"#, "verbosity": "\"medium\""], to: &writer)
        if let options = request["prompt_cache_options"], options.kind == .object {
            writer.member(
                "prompt_cache_options",
                object: { writer in
                    writer.member("mode", options["mode"]?.string ?? "implicit")
                    writer.member("ttl", options["ttl"]?.string ?? "30m")
                })
        }
        let tier = request["service_tier"]?.string ?? "auto"
        writer.member("service_tier", tier == "auto" ? "default" : tier == "fast" ? "priority" : tier)
        if let conversation = request["conversation"], let id = conversation.string ?? conversation["id"]?.string {
            writer.member("conversation", object: { $0.member("id", id) })
        }
    }

    private func object(_ name: String, _ defaults: [String: String], to writer: inout JSONWriter) {
        let given = request[name] ?? .empty
        writer.member(
            name,
            object: { writer in
                for (key, value) in defaults.sorted(by: { $0.key < $1.key }) where given[key] == nil {
                    writer.key(key)
                    writer.raw(value.utf8)
                }
                for member in given.members {
                    writer.key(member.key)
                    writer.value(member.value)
                }
            })
    }
}

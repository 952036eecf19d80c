import JSON
import Responses

extension SimulatorSession {
    /// Answers `POST /responses/compact`: the user messages and one compaction item.
    ///
    /// The compaction item knows the turn it was made at, so a chain goes on from there.
    mutating func compact(_ body: JSON, now: Int) -> Result<[UInt8], Failure> {
        note = Note()
        settle(now: now)
        if let fault = scenario.compactFault, compactFaults < fault.times ?? .max {
            compactFaults += 1
            return .failure(Failure(error: APIError(fault.error)))
        }
        if let error = RequestChecks.check(body, for: .compact) { return .failure(Failure(error: error)) }
        let prepared: Prepared
        switch prepare(body, from: .http) {
        case .success(let value): prepared = value
        case .failure(let failure): return .failure(failure)
        }
        let items = prepared.context.items
        if let index = items.firstIndex(where: { $0["type"]?.string == "configuration_update" }) {
            return .failure(
                Failure(
                    error: APIError(
                        "Inputs with 'configuration_update' items cannot be compacted.", code: "invalid_value",
                        param: "input[\(index)]")))
        }
        var usage = cache.look(body, prepared.context)
        let item = completion.output(.constant(#"{"type":"compaction"}"#))
        known.add(item, position: prepared.position, after: nil)
        let users = items.filter { $0["role"]?.string == "user" }.map { completion.listed($0) }
        usage.output = Usage.tokens(bytes: item.raw.count)
        var writer = JSONWriter(capacity: 1024)
        writer.object { writer in
            writer.member("id", completion.mint.next("cmpresp"))
            writer.member("object", "response.compaction")
            writer.member("created_at", now / 1000)
            writer.member("output", array: { writer in for item in users + [item] { writer.value(item) } })
            writer.key("usage")
            usage.write(to: &writer)
        }
        note.position = prepared.position
        return .success(writer.bytes)
    }

    /// Answers `POST /responses/input_tokens`.
    mutating func countTokens(_ body: JSON, now: Int) -> Result<[UInt8], Failure> {
        note = Note()
        settle(now: now)
        if let error = RequestChecks.check(body, for: .inputTokens) { return .failure(Failure(error: error)) }
        switch prepare(body, from: .http) {
        case .failure(let failure): return .failure(failure)
        case .success(let prepared):
            var writer = JSONWriter()
            writer.object { writer in
                writer.member("object", "response.input_tokens")
                writer.member("input_tokens", PromptCache.tokens(body, prepared.context))
            }
            return .success(writer.bytes)
        }
    }

    /// The models that a doctor may ask for.
    func models(_ id: String? = nil) -> Result<[UInt8], Failure> {
        var names = [
            "gpt-6-astra", "gpt-6-sol", "gpt-6-luna", "gpt-6.1-sol", "gpt-6.1-terra", "gpt-5.6-sol", "gpt-5.6-terra",
            "gpt-5.6-luna", "gpt-5.5", "gpt-5.4", "gpt-5.4-mini",
        ]
        if let own = scenario.model, !names.contains(own) { names.insert(own, at: 0) }
        func write(_ name: String, to writer: inout JSONWriter) {
            writer.object { writer in
                writer.member("id", name)
                writer.member("object", "model")
                writer.member("created", 1_780_000_000)
                writer.member("owned_by", "openai")
            }
        }
        var writer = JSONWriter()
        if let id {
            guard names.contains(id) else {
                return .failure(
                    Failure(
                        error: APIError(
                            "The model '\(id)' does not exist or you do not have access to it.", status: 404,
                            code: "model_not_found", param: "model")))
            }
            write(id, to: &writer)
        } else {
            writer.object { writer in
                writer.member("object", "list")
                writer.member("data", array: { writer in for name in names { write(name, to: &writer) } })
            }
        }
        return .success(writer.bytes)
    }

    /// Answers a `response.steer`: this model does not take steering.
    static func refuseSteering(_ body: JSON) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("type", "response.steer.failed")
            writer.member("sequence_number", 0)
            writer.member(
                "error",
                object: { writer in
                    writer.member("type", "invalid_request_error")
                    writer.member("code", "steering_not_supported")
                    writer.member("message", "This model does not support steering.")
                })
            writer.member(
                "steer",
                object: { writer in
                    writer.member("previous_response_id", body["previous_response_id"]?.string ?? "")
                    writer.key("input")
                    if let input = body["input"] { writer.value(input) } else { writer.string("") }
                })
        }
        return writer.bytes
    }
}

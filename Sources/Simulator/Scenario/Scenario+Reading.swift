public import JSON
import Responses

extension Scenario {
    /// Reads a scenario from the bytes of a JSON file; a member it does not know is an error.
    ///
    /// The file's members: `name`, `model` (what responses report), `turns`, `after_last` (`error`, `repeat-last` or
    /// `final-message`), `handshake` and `compact` (refusals: `status`, `times` and the members of an error),
    /// `connection_lifetime_ms`,
    /// `refuse_connections` (how many are closed as soon as they come). A handshake may also have `bytes` (the answer as it
    /// is) or `stall` (none).
    ///
    /// A turn's members, all optional:
    /// - `items`: output items; missing ids, call ids and statuses are filled in, a message's `content` may be a string.
    /// - `repeat`, `usage`, `delay_ms` (behind `response.in_progress`), `item_delay_ms` (behind the beginning of each
    ///   item), `delta_bytes`.
    /// - `terminal` (`completed`, `incomplete`, `failed`) with `incomplete_reason`.
    /// - `error` (`status`, `code`, `type`, `message`, `param`, `headers`) or `http_status` alone: the request is refused.
    /// - `drop_after_events`, `close` (a close code), `raw_text` (text where an event belongs).
    /// - `wire`: what happens to events on their way, see `WireFault`; `http_answer`: the bytes that are the whole answer
    ///   over HTTP; bytes are a text, or hexadecimal digits behind `hex:`.
    /// - `sse`: how server-sent events are written, see `EventLines`.
    /// - `times`: how often the fault happens before the turn plays on, 1 unless given, counted by
    ///   `prompt_cache_key`. A turn that is only a fault is then passed over.
    /// - `raw_events`: events that go out verbatim, `{{response_id}}` in them filled in.
    /// - `expect`: `contains`, `excludes`, `input_types`, `outputs` (in call order; an exit code, an array of them,
    ///   `"timeout"`, a status, `{"contains": …}` or `"*"`).
    public init(json bytes: [UInt8]) throws(ScenarioError) {
        let root: JSON
        do {
            root = try JSON(bytes)
        } catch {
            throw ScenarioError(place: "scenario", problem: error.description)
        }
        try self.init(root)
    }

    /// Reads a scenario from parsed JSON.
    public init(_ root: JSON) throws(ScenarioError) {
        let reader = try ScenarioReader(
            root, at: "scenario",
            knows: [
                "name", "model", "turns", "handshake", "compact", "after_last", "connection_lifetime_ms", "lenient",
                "refuse_connections",
            ])
        self.init(name: try reader.string("name") ?? "scenario", model: try reader.string("model"), turns: [])
        for (index, turn) in try reader.array("turns").enumerated() {
            let (turn, count) = try Turn.read(turn, at: "turns[\(index)]")
            turns.append(contentsOf: repeatElement(turn, count: count))
        }
        if let value = try reader.string("after_last") {
            guard let known = AfterLast(rawValue: value) else {
                throw reader.error("after_last", "must be repeat-last, final-message or error")
            }
            afterLast = known
        }
        if let value = root["handshake"], value["bytes"] != nil || value["stall"] != nil {
            let inner = try ScenarioReader(value, at: "handshake", knows: ["bytes", "stall", "times"])
            handshake = Handshake(bytes: try inner.bytes("bytes") ?? [], times: try inner.int("times"))
        } else if let refusal = try Self.refusal(reader, "handshake") {
            handshake = Handshake(error: refusal.error, times: refusal.times)
        }
        refusedConnections = try reader.int("refuse_connections") ?? 0
        if let refusal = try Self.refusal(reader, "compact") {
            compactFault = CompactFault(error: refusal.error, times: refusal.times)
        }
        connectionLifetimeMilliseconds = try reader.int("connection_lifetime_ms")
        if let value = root["lenient"] {
            guard let bool = value.bool else { throw reader.error("lenient", "must be true or false") }
            isLenient = bool
        }
    }

    private static func refusal(
        _ parent: ScenarioReader, _ key: String
    ) throws(ScenarioError) -> (error: ScriptedError, times: Int?)? {
        guard let value = parent.value[key] else { return nil }
        let reader = try ScenarioReader(
            value, at: key, knows: ["status", "times", "code", "type", "message", "param", "headers"])
        guard let status = try reader.int("status") else { throw reader.error("status", "is missing") }
        return (try ScriptedError.read(reader, status: status), try reader.int("times"))
    }
}

extension Scenario.Turn {
    fileprivate static func read(_ value: JSON, at place: String) throws(ScenarioError) -> (Self, Int) {
        let reader = try ScenarioReader(
            value, at: place,
            knows: [
                "expect", "items", "repeat", "usage", "delay_ms", "item_delay_ms", "delta_bytes", "terminal",
                "incomplete_reason",
                "error", "http_status", "raw_events", "raw_text", "drop_after_events", "close", "times", "wire",
                "http_answer", "sse",
            ])
        var turn = Scenario.Turn(items: try reader.array("items"))
        for (index, item) in turn.items.enumerated() where item["type"]?.string == nil {
            throw ScenarioError(place: "\(place).items[\(index)]", problem: "an item needs a type")
        }
        if let expect = value["expect"] {
            turn.expectation = try Expectation(expect, at: "\(place).expect")
        }
        turn.usage = value["usage"]
        turn.delayMilliseconds = try reader.int("delay_ms") ?? 0
        turn.itemDelayMilliseconds = try reader.int("item_delay_ms") ?? 0
        turn.deltaBytes = try reader.int("delta_bytes")
        turn.rawEvents = try reader.array("raw_events")
        for name in try reader.strings("sse") {
            guard let lines = Scenario.EventLines(rawValue: name) else { throw reader.error("sse", "knows no \(name)") }
            turn.eventLines.insert(lines)
        }
        turn.faultTimes = try reader.int("times") ?? 1
        turn.fault = try fault(reader)
        if try reader.string("terminal") == "incomplete" {
            turn.incompleteReason = try reader.string("incomplete_reason") ?? "max_output_tokens"
        } else if value["incomplete_reason"] != nil {
            throw reader.error("incomplete_reason", "needs \"terminal\": \"incomplete\"")
        }
        let count = try reader.int("repeat") ?? 1
        guard (1...1_000_000).contains(count) else { throw reader.error("repeat", "must be 1 to 1000000") }
        return (turn, count)
    }

    private static func fault(_ reader: ScenarioReader) throws(ScenarioError) -> Scenario.Fault? {
        var fault = Scenario.Fault()
        switch try reader.string("terminal") {
        case nil, "completed", "incomplete": break
        case "failed": fault.fails = true
        default: throw reader.error("terminal", "must be completed, incomplete or failed")
        }
        let status = try reader.int("http_status")
        if let error = reader.value["error"] {
            let inner = try ScenarioReader(
                error, at: "\(reader.place).error", knows: ["status", "code", "type", "message", "param", "headers"])
            fault.error = try .read(inner, status: try inner.int("status") ?? status ?? 400)
        } else if let status {
            fault.error = try .read(ScenarioReader(reader.value, at: reader.place), status: status)
        } else if fault.fails {
            fault.error = Scenario.ScriptedError(
                status: 500, code: "server_error", type: "server_error",
                message: "The server had an error while processing your request.", headers: [:])
        }
        fault.rawText = try reader.string("raw_text")
        for (index, value) in try reader.array("wire").enumerated() {
            fault.wire.append(try Scenario.WireFault(value, at: "\(reader.place).wire[\(index)]"))
        }
        fault.httpAnswer = try reader.bytes("http_answer")
        fault.dropAfterEvents = try reader.int("drop_after_events")
        if let code = try reader.int("close") {
            guard let code = UInt16(exactly: code), (1000..<5000).contains(code) else {
                throw reader.error("close", "must be a WebSocket close code")
            }
            fault.closeCode = code
            if fault.error == nil { fault.dropAfterEvents = fault.dropAfterEvents ?? 0 }
        }
        let isAny =
            fault.error != nil || fault.rawText != nil || fault.dropAfterEvents != nil || !fault.wire.isEmpty
            || fault.httpAnswer != nil
        return isAny ? fault : nil
    }
}

extension Scenario.ScriptedError {
    fileprivate static func read(_ reader: ScenarioReader, status: Int) throws(ScenarioError) -> Self {
        guard (300..<600).contains(status) else { throw reader.error("status", "must be 300 to 599") }
        let (type, code, message) = APIError.usual(status: status)
        var headers: [String: String] = [:]
        for member in reader.value["headers"]?.members ?? JSON.empty.members {
            headers[member.key] = member.value.string ?? member.value.rawText
        }
        let givenCode = try reader.string("code")
        return Self(
            status: status, code: givenCode ?? code, type: try reader.string("type") ?? type,
            message: try reader.string("message") ?? message, param: try reader.string("param"), headers: headers)
    }
}

import JSON
import Responses
import Testing

@testable import Simulator

/// Plays a client against a session, without a socket.
struct SessionDriver {
    var session: SimulatorSession
    var now = 1_790_000_000_000

    init(_ scenario: String, isStrict: Bool = true) throws {
        session = SimulatorSession(scenario: try Scenario(json: Array(scenario.utf8)), isStrict: isStrict)
    }

    /// One request's answer, to its end.
    struct Answer {
        var events: [JSON] = []
        var response: JSON?
        var error: APIError?
        var refusal: SimulatorSession.Refusal?
        var cut = false

        var id: String { response?["id"]?.string ?? "" }
        var output: [JSON] { (response?["output"] ?? .empty).elements.map(\.self) }
        var types: [String] { events.compactMap { $0["type"]?.string } }
        /// The text of the answer's only message.
        var text: String? { output.compactMap { $0["content"] }.first?.elements.first { _ in true }?["text"]?.string }
        var usage: JSON { response?["usage"] ?? .empty }

        /// The output items as JSON text, to be put into an input.
        var items: String { output.map(\.rawText).joined(separator: ",") }
        func call(_ index: Int) -> String { output[index]["call_id"]?.string ?? "" }
    }

    /// Sends a request with these members, model and all; on the connection, or over HTTP without one.
    mutating func ask(_ members: String, connection: Int? = 0, stopAfter limit: Int = .max) throws -> Answer {
        let body = try JSON("{\"model\":\"m\"\(members.isEmpty ? "" : ",")\(members)}")
        return try ask(body, connection: connection, stopAfter: limit)
    }

    mutating func ask(_ body: JSON, connection: Int?, stopAfter limit: Int = .max) throws -> Answer {
        let origin = connection.map { SimulatorSession.Origin.webSocket(connection: $0) } ?? .http
        var answer = Answer()
        switch session.create(body, from: origin, now: now) {
        case .wait: break
        case .refuse(let refusal):
            answer.error = refusal.error
            answer.refusal = refusal
        case .play(var playback):
            let id = playback.head.id
            while answer.events.count < limit, let step = playback.next() {
                switch step {
                case .event(let event):
                    answer.events.append(try JSON(event.bytes))
                    if case .itemDone(let index) = event.role { session.sent(item: index, of: id) }
                    guard event.role == .terminal else { break }
                    answer.response = answer.events.last?["response"]
                    session.finish(id, origin: origin, lane: body["stream_id"]?.string)
                case .cut: answer.cut = true
                case .wait, .text, .bytes, .part, .drip, .stall: break
                }
            }
        }
        return answer
    }
}

let userMessage = #"{"type":"message","role":"user","content":[{"type":"input_text","text":"Fix it"}]}"#

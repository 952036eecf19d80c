import Configuration
import JSON
import Responses
import Session
import Simulator
import TestSupport
import Testing

@testable import Agent

/// A conversation of four turns over a real connection, in which something goes wrong.
///
/// The tools are doubles that note what they were asked to do; the model behind the socket calls `call_a`, then `call_b`
/// and `call_c`, then `call_d`, and then it is done.
struct FaultWorld {
    let server: SimulatorServer
    let client: ModelClient
    let tools = ScriptedTools(.init(), story: Story())
    let events = RecordedEvents { _ in }

    /// The output items of each turn. Their bytes are odd, so that an encoder that comes over them shows.
    static let items: [[String]] = [
        [
            #"{ "type":"reasoning","id":"rs_1", "summary":[ ],"encrypted_content":"gAAA\u0041+\/=","n":[1.50,1e3] ,"status":"completed"}"#,
            #"{"id":"msg_1","type":"message","role":"assistant","status":"completed","phase":"commentary","content":[{"type":"output_text","annotations":[],"text":"caf\u00e9 \/ ☃  \ud83d\ude00"}]}"#,
            #"{"id":"fc_1","type":"function_call","call_id":"call_a","name":"act","arguments":"{ \"n\" : 1 }","status":"completed"}"#,
        ],
        [
            #"{"id":"rs_2","type":"reasoning","summary":[{"type":"summary_text","text":"two\tcalls"}],"encrypted_content":"gBBB","status":"completed"}"#,
            #"{"id":"fc_2","type":"function_call","call_id":"call_b","name":"act","arguments":"{}","status":"completed"}"#,
            #"{"id":"fc_3","type":"function_call","call_id":"call_c","name":"act","arguments":"{\u0022x\u0022:0}","status":"completed"}"#,
        ],
        [
            #"{"id":"fc_4","type":"function_call","call_id":"call_d","name":"act","arguments":"{}","status":"completed","later":{"é":null}}"#
        ],
        [
            #"{"id":"msg_2","type":"message","role":"assistant","status":"completed","phase":"final_answer","content":[{"type":"output_text","text":"All is done.","annotations":[]}]}"#
        ],
    ]

    /// The calls in the order in which they must be run, each once.
    static let calls = ["call_a", "call_b", "call_c", "call_d"]

    init(
        _ row: FaultRow, at position: Int, over road: FaultRow.Road, limits: ConnectionMachine.Limits = .quick,
        configuration: SimulatorServer.Configuration = .init(), deadlines: Deadlines? = nil, starts: Bool = true,
        warmsUp: Bool = false, isPreconnected: Bool = false
    ) throws {
        let turns = Self.items.enumerated().map { index, items in
            let fault = index == position ? "," + row.turn : ""
            return #"{"items":[\#(items.joined(separator: ","))]\#(row.turn.isEmpty ? "" : fault)}"#
        }
        let more = row.scenario.isEmpty ? "" : "," + row.scenario
        let scenario = try Scenario(json: Array(#"{"turns":[\#(turns.joined(separator: ","))]\#(more)}"#.utf8))
        server = try SimulatorServer(scenario: scenario, configuration: configuration)
        if starts { try server.start() }
        let port = starts ? server.port : configuration.port
        let route = try ModelServer(baseURL: "http://127.0.0.1:\(port)/v1", key: "k", environment: [:])
        client = ModelClient(
            route: route,
            parameters: RequestParameters(model: "gpt-6-astra"), profile: .openai, usesSocket: road == .socket,
            limits: limits, deadlines: deadlines ?? (row.needsDeadline ? .short : .patient),
            preconnection: isPreconnected ? Preconnection(route) : nil, warmsUp: warmsUp)
    }

    /// Runs the conversation to its end.
    func run() async throws -> RunEnding {
        var window = Window()
        window.append(contentsOf: LoopWorld.beginning)
        var loop = TurnLoop(
            model: client, tools: tools, events: events, window: window,
            budget: Budget(settings: Settings(), start: .now), ordersSteps: false, judge: nil)
        return try await loop.run()
    }

    /// The ids of the calls that were run, in order.
    var executed: [String] { tools.requests.flatMap(\.calls) }

    /// What users were told on the way.
    var notices: [String] {
        events.all.compactMap { if case .notice(let text) = $0 { text } else { nil } }
    }

    /// Checks what holds after every conversation, however it went.
    func check(_ row: FaultRow) throws {
        let requests = server.log.requests.filter { !$0.body.isEmpty }
        let bodies = try requests.map { try JSON($0.body) }
        if !row.confusesIDs {
            #expect(server.log.requests.flatMap(\.violations) == [])
        }
        // Each response continues another one, and one that was named in a failed request is not named again.
        let parents = bodies.compactMap { $0["previous_response_id"]?.string }
        if !row.confusesIDs { #expect(Set(parents).count == parents.count, "a parent was named twice: \(parents)") }
        checkBytes(bodies)
    }

    /// Compares the bytes of every item that goes back with those that the server sent.
    private func checkBytes(_ bodies: [JSON]) {
        let known = Dictionary(
            uniqueKeysWithValues: Self.items.joined().map { ((try? JSON($0))?["id"]?.string ?? "", $0) })
        for body in bodies {
            for item in body["input"]?.elements ?? JSON.Elements.none {
                guard let id = item["id"]?.string else { continue }
                #expect(item.rawText == known[id])
            }
        }
        // A request with the whole history has everything in its place.
        for body in bodies where body["previous_response_id"] == nil {
            let sent = body["input"]?.elements.compactMap { $0["id"]?.string } ?? []
            let whole = Self.items.joined().compactMap { (try? JSON($0))?["id"]?.string }
            #expect(sent == Array(whole.prefix(sent.count)))
        }
    }

    func close() async {
        await client.close()
        server.stop()
    }
}

extension JSON.Elements {
    static var none: Self { (try? JSON("[]"))?.elements ?? { preconditionFailure("[] is JSON") }() }
}

extension ConnectionMachine.Limits {
    /// The usual number of attempts with hardly a pause between them.
    static var quick: Self {
        var limits = Self()
        limits.firstWait = .milliseconds(1)
        limits.longestWait = .milliseconds(5)
        limits.longestOutage = .seconds(60)
        limits.requestsBeforeSocketAgain = 1
        return limits
    }
}

extension Deadlines {
    /// Deadlines that a test waits for.
    static var short: Self {
        var deadlines = Self()
        deadlines.handshake = .milliseconds(700)
        deadlines.firstEvent = .milliseconds(700)
        deadlines.promptEvent = .milliseconds(500)
        deadlines.silence = .milliseconds(700)
        deadlines.standstill = .seconds(2)
        return deadlines
    }

    /// Deadlines that a loaded machine does not reach.
    static var patient: Self {
        var deadlines = Self()
        deadlines.promptEvent = .seconds(60)
        return deadlines
    }
}

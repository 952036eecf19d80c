import JSON
import Responses
import Testing

@testable import Simulator

/// Lanes, caches, stored responses, the prompt cache, compaction.
struct ConnectionTests {
    private static let script = #"{"after_last":"repeat-last","turns":[{"items":[{"type":"message","content":"a"}]}]}"#
    private static let lost = "previous_response_not_found"

    private func continued(_ id: String, _ more: String = "") -> String {
        "\"store\":false,\"input\":\"x\",\"previous_response_id\":\"\(id)\"\(more)"
    }

    @Test func `a lane keeps only its latest response`() throws {
        var driver = try SessionDriver(Self.script)
        let first = try driver.ask("\"store\":false,\"input\":\"x\"")
        let second = try driver.ask(continued(first.id))
        #expect(second.error == nil)
        #expect(try driver.ask(continued(first.id)).error?.code == Self.lost)
        #expect(try driver.ask(continued(second.id)).error == nil, "the parent that was named stays")
    }

    @Test func `what is not stored is known on its own connection only`() throws {
        var driver = try SessionDriver(Self.script)
        let first = try driver.ask("\"store\":false,\"input\":\"x\"")
        #expect(try driver.ask(continued(first.id), connection: 1).error?.code == Self.lost)
        #expect(try driver.ask(continued(first.id), connection: nil).error?.code == Self.lost)
        driver.session.close(connection: 0)
        #expect(try driver.ask(continued(first.id)).error?.code == Self.lost)
        #expect(driver.session.responses.isEmpty)
    }

    @Test func `a failed continuation evicts its parent, a failed fork does not`() throws {
        var driver = try SessionDriver(Self.script)
        let first = try driver.ask("\"store\":false,\"input\":\"x\"")
        let bad = ",\"surprise\":1"
        #expect(try driver.ask(continued(first.id, bad + ",\"stream_id\":\"b\"")).error != nil)
        #expect(try driver.ask(continued(first.id, ",\"stream_id\":\"b\"")).error == nil)
        #expect(try driver.ask(continued(first.id, bad)).error?.code == "unknown_parameter")
        #expect(try driver.ask(continued(first.id)).error?.code == Self.lost)
    }

    @Test func `a stored response outlives eviction`() throws {
        var driver = try SessionDriver(Self.script)
        let first = try driver.ask("\"input\":\"x\"")
        _ = try driver.ask(continued(first.id, ",\"surprise\":1"))
        #expect(try driver.ask(continued(first.id)).error == nil)
    }

    @Test func `a second request on a busy lane is refused in strict mode and queued otherwise`() throws {
        for isStrict in [true, false] {
            var driver = try SessionDriver(Self.script, isStrict: isStrict)
            let half = try driver.ask("\"store\":false,\"input\":\"x\"", stopAfter: 2)
            let running = try #require(half.events.first?["response"]?["id"]?.string)
            let second = try driver.ask("\"store\":false,\"input\":\"y\"")
            #expect(second.error?.code == (isStrict ? "simulator_lane_busy" : nil))
            #expect(driver.session.note.violations.count == 1)
            #expect(try driver.ask("\"input\":\"z\",\"stream_id\":\"b\"").error == nil, "another lane is free")
            driver.session.finish(running, origin: .webSocket(connection: 0), lane: nil)
            let waiting = driver.session.nextWaiting(connection: 0)
            #expect(waiting?["input"]?.string == (isStrict ? nil : "y"))
        }
    }

    @Test func `events carry the lane's name if the request did`() throws {
        var driver = try SessionDriver(Self.script)
        let named = try driver.ask("\"input\":\"x\",\"stream_id\":\"b\"").events
        #expect(named.allSatisfy { $0["stream_id"]?.string == "b" })
        #expect(try driver.ask("\"input\":\"x\"").events.allSatisfy { $0["stream_id"] == nil })
    }

    @Test func `a connection has at most 32 named lanes`() throws {
        var driver = try SessionDriver(Self.script)
        for lane in 0..<32 { #expect(try driver.ask("\"input\":\"x\",\"stream_id\":\"\(lane)\"").error == nil) }
        #expect(
            try driver.ask("\"input\":\"x\",\"stream_id\":\"more\"").error?.code == "websocket_stream_limit_reached")
        #expect(try driver.ask("\"input\":\"x\"").error == nil)
    }

    @Test func `the longest prefix seen before is cached, per key`() throws {
        var driver = try SessionDriver(Self.script)
        func cached(_ members: String) throws -> (cached: Int, input: Int) {
            let usage = try driver.ask(members, connection: nil).usage
            return (usage["input_tokens_details"]?["cached_tokens"]?.int ?? -1, usage["input_tokens"]?.int ?? -1)
        }
        let more = #"{"role":"user","content":"and more"}"#
        let first = try cached("\"instructions\":\"i\",\"input\":[\(userMessage)]")
        #expect(first.cached == 0)
        let second = try cached("\"instructions\":\"i\",\"input\":[\(userMessage),\(more)]")
        #expect(second.cached == first.input)
        #expect(second.input > first.input)
        #expect(try cached("\"instructions\":\"j\",\"input\":[\(userMessage),\(more)]").cached == 0)
        #expect(try cached("\"prompt_cache_key\":\"k\",\"instructions\":\"i\",\"input\":[\(userMessage)]").cached == 0)
        #expect(try cached("\"instructions\":\"i\",\"input\":[\(more),\(userMessage)]").cached == 0)
    }

    @Test func `a background response is queued, then in progress, then completed or cancelled`() throws {
        var driver = try SessionDriver(
            #"{"turns":[{"items":[{"type":"message","content":"a"}],"delay_ms":50,"repeat":2}]}"#)
        for isCancelled in [true, false] {
            guard
                case .play(let playback) = driver.session.create(
                    try JSON(#"{"model":"m","input":"x","background":true}"#), from: .http, now: driver.now)
            else {
                Issue.record("refused")
                return
            }
            let id = playback.head.id
            func status(_ result: Result<[UInt8], SimulatorSession.Failure>) throws -> String? {
                try JSON(result.get())["status"]?.string
            }
            #expect(try status(driver.session.queued(id, now: driver.now)) == "queued")
            #expect(try status(driver.session.retrieve(id, now: driver.now)) == "in_progress")
            if isCancelled { #expect(try status(driver.session.cancel(id, now: driver.now)) == "cancelled") }
            driver.now += 60
            let end = isCancelled ? "cancelled" : "completed"
            #expect(try status(driver.session.retrieve(id, now: driver.now)) == end)
            #expect(try status(driver.session.cancel(id, now: driver.now)) == end)
            let next = try driver.ask("\"input\":\"y\",\"previous_response_id\":\"\(id)\"", connection: nil)
            #expect(next.error?.code == (isCancelled ? Self.lost : nil))
        }
    }

    @Test func `a compacted chain goes on at its turn`() throws {
        var driver = try SessionDriver(
            #"{"compact":{"status":503,"times":1},"turns":[{"items":[{"type":"message","content":"a"}]},"#
                + #"{"items":[{"type":"message","content":"b"}]}]}"#)
        let first = try driver.ask("\"input\":[\(userMessage)]", connection: nil)
        let body = try JSON("{\"model\":\"m\",\"input\":[\(userMessage),\(first.items),\(userMessage)]}")
        guard case .failure(let failure) = driver.session.compact(body, now: 0) else {
            Issue.record("the first call is refused")
            return
        }
        #expect(failure.error.status == 503)
        let compacted = try JSON(driver.session.compact(body, now: 0).get())
        let output = (compacted["output"] ?? .empty).elements.map(\.self)
        #expect(output.map { $0["type"]?.string } == ["message", "message", "compaction"])
        let window = output.map(\.rawText).joined(separator: ",")
        #expect(try driver.ask("\"input\":[\(window),\(userMessage)]").text == "b")
    }
}

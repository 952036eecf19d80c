import JSON
import Responses
import Testing

/// How a response in the background is followed, whatever breaks.
@Suite struct `A response in the background` {
    private let id = ResponseID("resp_1")

    private func machine(_ limits: ConnectionMachine.Limits = .init()) -> BackgroundMachine {
        BackgroundMachine(limits: limits, jitter: { 1 })
    }

    /// A machine with a response that has come to event 7.
    private func running() -> BackgroundMachine {
        var machine = machine()
        #expect(machine.begin(takingUp: nil) == .create)
        let isNew = [machine.named(id), machine.named(id)]
        #expect(isNew == [true, false])
        machine.advanced(to: 7)
        return machine
    }

    private func end(_ json: String) throws -> ResponseEnd { ResponseEnd(try JSON(json)) }

    private func refused(_ status: Int, _ body: String = "{}") -> ConnectionMachine.TransportFailure {
        .refused(ProviderError(status: status, body: Array(body.utf8)))
    }

    @Test func `that comes whole is done`() throws {
        var machine = running()
        #expect(machine.ended(try end(#"{"id":"resp_1","status":"completed"}"#)) == .finish)
    }

    @Test func `is followed from its last event when the line drops, at once and then with pauses`() {
        var machine = running()
        #expect(machine.broken(.dropped("gone")) == .follow(id, after: 7))
        #expect(machine.broken(.dropped("gone")) == .wait(.milliseconds(400)))
        #expect(machine.waited() == .follow(id, after: 7))
        machine.advanced(to: 9)
        #expect(machine.broken(refused(503)) == .follow(id, after: 9))
        #expect(machine.broken(.turnedAway("no")) == .wait(.milliseconds(400)))
    }

    @Test func `is never asked for again while the server may have it`() {
        var machine = running()
        var actions: [BackgroundMachine.Action] = []
        for _ in 0..<100 {
            let action = machine.broken(.dropped("gone"))
            actions.append(action)
            if case .fail = action { break }
            if case .wait = action { actions.append(machine.waited()) }
        }
        #expect(!actions.contains(.create))
        guard case .fail(let failure)? = actions.last, case .temporary = failure.kind else {
            Issue.record("does not give up: \(actions)")
            return
        }
        #expect(actions.count < 100)
    }

    @Test func `is looked up where it cannot be followed`() throws {
        var machine = running()
        #expect(machine.broken(.dropped("gone")) == .follow(id, after: 7))
        #expect(machine.broken(refused(400)) == .look(id))
        #expect(machine.looked() == .wait(.seconds(2)))
        #expect(machine.waited() == .look(id))
        #expect(machine.broken(.dropped("gone")) == .look(id))
        #expect(machine.ended(try end(#"{"id":"resp_1","status":"completed"}"#)) == .finish)
        #expect(
            machine.broken(refused(400))
                == .fail(.init(kind: .permanent, error: ProviderError(status: 400, body: Array("{}".utf8)))))
    }

    @Test func `that nobody has seen before a drop is asked for again, for it has no name`() {
        var machine = machine()
        #expect(machine.begin(takingUp: nil) == .create)
        #expect(machine.broken(.dropped("gone")) == .wait(.milliseconds(200)))
        #expect(machine.waited() == .create)
    }

    @Test func `of an earlier process is taken up whole, and asked for anew where the server has forgotten it`() {
        var machine = machine()
        #expect(machine.begin(takingUp: id) == .follow(id, after: nil))
        #expect(machine.broken(.dropped("gone")) == .follow(id, after: nil))
        #expect(machine.broken(refused(404)) == .create)
        #expect(machine.response == nil)
        var other = self.machine()
        #expect(other.begin(takingUp: id) == .follow(id, after: nil))
        other.advanced(to: 3)
        #expect(other.broken(.dropped("gone")) == .follow(id, after: 3))
    }

    @Test func `of an earlier process that was cancelled or has failed is asked for anew`() throws {
        for json in [
            #"{"id":"resp_1","status":"cancelled"}"#,
            #"{"id":"resp_1","status":"failed","error":{"code":"invalid_prompt","message":"No."}}"#,
        ] {
            var machine = self.machine()
            _ = machine.begin(takingUp: id)
            machine.advanced(to: 3)
            #expect(machine.ended(try end(json)) == .create)
            #expect(machine.response == nil)
        }
        var own = running()
        #expect(own.ended(try end(#"{"id":"resp_1","status":"cancelled"}"#)) == .finish)
    }

    @Test func `that the server loses at once, or does not make, is asked for in the plain way`() {
        var machine = running()
        guard case .leave = machine.broken(refused(404)) else {
            Issue.record("stays")
            return
        }
        for (status, body) in [
            (400, #"{"error":{"message":"Background mode requires store.","param":"background"}}"#),
            (400, #"{"error":{"message":"No.","code":"unsupported_parameter","param":"background"}}"#),
            (422, #"{"error":{"message":"extra field: background"}}"#),
            (400, #"{"error":{"message":"No.","code":"unsupported_value","param":"store"}}"#),
        ] {
            var machine = self.machine()
            _ = machine.begin(takingUp: nil)
            guard case .leave = machine.broken(refused(status, body)) else {
                Issue.record("stays after \(body)")
                continue
            }
        }
    }

    @Test func `that the server has failed is another one, if another try may help`() throws {
        var machine = running()
        let failed = #"{"id":"resp_1","status":"failed","error":{"code":"server_error","message":"Sorry."}}"#
        #expect(machine.ended(try end(failed)) == .wait(.milliseconds(200)))
        #expect(machine.response == nil)
        #expect(machine.waited() == .create)
        var other = running()
        let final = #"{"id":"resp_1","status":"failed","error":{"code":"invalid_prompt","message":"No."}}"#
        guard case .fail = other.ended(try end(final)) else {
            Issue.record("is tried again")
            return
        }
    }

    @Test func `whose key or certificate is refused ends`() {
        for failure in [refused(401), .untrusted("bad certificate")] {
            var machine = running()
            guard case .fail = machine.broken(failure) else {
                Issue.record("goes on after \(failure)")
                continue
            }
        }
    }
}

@Suite struct `What a request lets the server store` {
    private func body(
        _ storage: ResponseStorage, _ profile: ProviderProfile, dropping names: [String] = []
    ) throws -> JSON {
        var parameters = RequestParameters(model: "m")
        parameters.storage = storage
        var encoder = RequestEncoder(parameters, profile: profile)
        for name in names { _ = encoder.drop(name) }
        return try JSON(encoder.body(input: []))
    }

    @Test(arguments: ProviderProfile.allCases)
    func `is nothing, whatever the server says of it, where nothing may be kept`(_ profile: ProviderProfile) throws {
        let names = ["store", "reasoning", "text", "include", "prompt_cache_key", "background", "store"]
        for dropped in [[], names] {
            let json = try body(.never, profile, dropping: dropped)
            #expect(json["store"]?.bool == false && json["background"] == nil)
            #expect(json.members.filter { $0.key == "store" }.count == 1)
        }
        var parameters = RequestParameters(model: "m")
        parameters.storage = .never
        var encoder = RequestEncoder(parameters, profile: profile)
        let isDropped = encoder.drop("store")
        #expect(!isDropped)
        let event = try JSON(encoder.event(input: [], continuing: ResponseID("r")))
        #expect(event["store"]?.bool == false)
    }

    @Test func `is each response in the background, and else what is usual`() throws {
        let background = try body(.background, .openai)
        #expect(background["background"]?.bool == true && background["store"]?.bool == true)
        #expect(try body(.unstored, .openai)["store"]?.bool == false)
        #expect(try body(.unstored, .openai, dropping: ["store"])["store"] == nil)
        #expect(try body(.unstored, .compatible)["store"] == nil)
    }

    @Test func `says how long the cache is kept until the server refuses it`() throws {
        var parameters = RequestParameters(model: "m")
        parameters.cacheRetention = "24h"
        var encoder = RequestEncoder(parameters, profile: .openai)
        #expect(try JSON(encoder.body(input: []))["prompt_cache_retention"]?.string == "24h")
        let isDropped = encoder.drop("prompt_cache_retention")
        #expect(isDropped)
        #expect(try JSON(encoder.body(input: []))["prompt_cache_retention"] == nil)
    }
}

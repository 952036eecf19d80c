import JSON
import Responses
import Testing

@Suite struct ConnectionMachineTests {
    private let first = ResponseID("resp_1")

    private func end(_ id: String) throws -> ResponseEnd {
        ResponseEnd(try JSON(#"{"id":"\#(id)","status":"completed"}"#))
    }

    @Test func `a second request continues the first on the same socket`() throws {
        var machine = ConnectionMachine(usesSocket: true, jitter: { 1 })
        #expect(machine.begin(socketAge: .zero) == .open)
        #expect(machine.opened() == .send(continuing: nil))
        #expect(machine.ended(try end("resp_1"), overSocket: true) == .finish)
        #expect(machine.begin(socketAge: .seconds(1)) == .send(continuing: first))
    }

    @Test func `after a drop everything is sent on a fresh chain`() throws {
        var machine = ConnectionMachine(usesSocket: true, jitter: { 1 })
        _ = machine.begin(socketAge: .zero)
        _ = machine.opened()
        _ = machine.ended(try end("resp_1"), overSocket: true)
        _ = machine.begin(socketAge: .zero)
        // A socket that was good may have been closed while it was idle: the first try is made at once.
        #expect(machine.broken(.dropped("reset"), overSocket: true) == .wait(.zero))
        #expect(machine.waited() == .open)
        #expect(machine.opened() == .send(continuing: nil))
        #expect(machine.broken(.dropped("reset"), overSocket: true) == .wait(.milliseconds(400)))
    }

    @Test func `a start is expected soon on a socket that has carried a response, and on no other`() throws {
        var machine = ConnectionMachine(usesSocket: true)
        #expect(!machine.expectsPromptStart)
        _ = machine.begin(socketAge: .zero)
        _ = machine.opened()
        #expect(!machine.expectsPromptStart)
        _ = machine.ended(try end("resp_1"), overSocket: true)
        #expect(machine.expectsPromptStart)
        _ = machine.broken(.dropped("silence"), overSocket: true)
        #expect(!machine.expectsPromptStart)
        _ = machine.waited()
        _ = machine.opened()
        #expect(!machine.expectsPromptStart)
    }

    @Test func `a connection that the server turns away goes on over HTTP at once, and comes back`() throws {
        var machine = ConnectionMachine(usesSocket: true)
        _ = machine.begin(socketAge: .zero)
        _ = machine.opened()
        #expect(machine.broken(.turnedAway("code 1009"), overSocket: true) == .wait(.zero))
        #expect(machine.waited() == .sendHTTP)
        _ = machine.ended(try end("r"), overSocket: false)
        for _ in 0..<8 { #expect(machine.begin(socketAge: .zero) == .sendHTTP) }
        #expect(machine.begin(socketAge: .zero) == .open)
    }

    /// The waits until the machine gives up, with the same failure every time.
    private func waits(
        _ machine: inout ConnectionMachine, _ error: ProviderError
    ) -> (waits: [Duration], ending: ConnectionMachine.Action) {
        var waits: [Duration] = []
        while waits.count < 1000 {
            let action = machine.failed(error, overSocket: false)
            guard case .wait(let wait) = action else { return (waits, action) }
            waits.append(wait)
            _ = machine.waited()
        }
        return (waits, .finish)
    }

    @Test func `an outage after a success is waited out for ten minutes, and no longer`() throws {
        var machine = ConnectionMachine(usesSocket: false, jitter: { 1 })
        _ = machine.begin(socketAge: .zero)
        _ = machine.ended(try end("r"), overSocket: false)
        _ = machine.begin(socketAge: .zero)
        let (waits, ending) = waits(&machine, ProviderError(status: 503, message: "busy"))
        let total = waits.reduce(.zero, +)
        #expect((.seconds(600) ..< .seconds(630)).contains(total))
        #expect(waits.max() == .seconds(30))
        guard case .fail(let failure) = ending, case .temporary = failure.kind else {
            Issue.record("expected a temporary failure, got \(ending)")
            return
        }
    }

    @Test func `what is tried again at once is tried five times, also after a success`() throws {
        var machine = ConnectionMachine(usesSocket: false)
        _ = machine.ended(try end("r"), overSocket: false)
        _ = machine.begin(socketAge: .zero)
        let error = ProviderError(status: 400, code: "previous_response_not_found", message: "gone")
        #expect(waits(&machine, error).waits == [Duration](repeating: .zero, count: 5))
    }

    @Test func `waits are spread, and a server's hint is kept as it is`() {
        var machine = ConnectionMachine(usesSocket: false, jitter: { 0.75 })
        _ = machine.begin(socketAge: .zero)
        #expect(
            machine.failed(ProviderError(status: 500, message: "no"), overSocket: false) == .wait(.milliseconds(150)))
        let hint = ProviderError(status: 429, message: "slow", retryAfter: .seconds(100))
        #expect(machine.failed(hint, overSocket: false) == .wait(.seconds(100)))
    }

    @Test func `a server that asks for too long a wait, or for no other try, is believed`() {
        var machine = ConnectionMachine(usesSocket: false)
        var error = ProviderError(status: 429, message: "slow", retryAfter: .seconds(3600))
        for _ in 0..<2 {
            _ = machine.begin(socketAge: .zero)
            guard case .fail(let failure) = machine.failed(error, overSocket: false), case .temporary = failure.kind
            else {
                Issue.record("expected a temporary failure")
                return
            }
            error.retryAfter = nil
            error.shouldRetry = false
        }
    }

    @Test func `an unknown previous response is answered with the whole history on the same socket`() throws {
        var machine = ConnectionMachine(usesSocket: true, jitter: { 1 })
        _ = machine.begin(socketAge: .zero)
        _ = machine.opened()
        _ = machine.ended(try end("resp_1"), overSocket: true)
        _ = machine.begin(socketAge: .zero)
        let error = ProviderError(status: 400, code: "previous_response_not_found", message: "not found")
        #expect(machine.failed(error, overSocket: true) == .wait(.zero))
        #expect(machine.waited() == .send(continuing: nil))
    }

    @Test(arguments: [404, 405, 426]) func `a refused upgrade means HTTP for the rest of the session`(_ status: Int) {
        var machine = ConnectionMachine(usesSocket: true, jitter: { 1 })
        _ = machine.begin(socketAge: .zero)
        let refusal = ProviderError(status: status, message: "no upgrade")
        #expect(machine.broken(.refused(refusal), overSocket: true) == .sendHTTP)
        #expect(machine.begin(socketAge: .zero) == .sendHTTP)
    }

    @Test(arguments: [301, 400, 401, 403, 407, 413, 429])
    func `a handshake that is refused for a reason is asked about over HTTP`(_ status: Int) throws {
        var machine = ConnectionMachine(usesSocket: true, jitter: { 1 })
        _ = machine.begin(socketAge: .zero)
        #expect(machine.broken(.refused(ProviderError(status: status, message: "no")), overSocket: true) == .sendHTTP)
        _ = machine.ended(try end("r"), overSocket: false)
        for _ in 0..<8 { #expect(machine.begin(socketAge: .zero) == .sendHTTP) }
        #expect(machine.begin(socketAge: .zero) == .open)
    }

    @Test func `a handshake that is refused for now is tried three times, then HTTP is`() {
        var machine = ConnectionMachine(usesSocket: true, jitter: { 1 })
        _ = machine.begin(socketAge: .zero)
        for _ in 0..<3 {
            #expect(machine.waited() == .open)
            _ = machine.broken(.refused(ProviderError(status: 502, message: "no")), overSocket: true)
        }
        #expect(machine.waited() == .sendHTTP)
    }

    @Test func `after an error that will be tried again the socket is a new one`() throws {
        var machine = ConnectionMachine(usesSocket: true, jitter: { 1 })
        _ = machine.begin(socketAge: .zero)
        _ = machine.opened()
        _ = machine.failed(ProviderError(status: 500, message: "no"), overSocket: true)
        #expect(machine.waited() == .open)
    }

    @Test func `attempts that lead to nothing use up the time of an outage`() throws {
        var machine = ConnectionMachine(usesSocket: true, jitter: { 1 })
        _ = machine.ended(try end("r"), overSocket: true)
        _ = machine.begin(socketAge: .zero)
        var attempts = 0
        while attempts < 100 {
            attempts += 1
            let action = machine.broken(.dropped("silence"), overSocket: true, lost: .seconds(60))
            guard case .wait = action else { break }
            _ = machine.waited()
        }
        #expect(attempts == 10)
    }

    @Test func `what has worked before is worth a longer wait than what has not`() throws {
        let hint = ProviderError(status: 429, message: "slow", retryAfter: .seconds(300))
        var machine = ConnectionMachine(usesSocket: false, jitter: { 1 })
        _ = machine.ended(try end("r"), overSocket: false)
        _ = machine.begin(socketAge: .zero)
        #expect(machine.failed(hint, overSocket: false) == .wait(.seconds(300)))
        #expect(machine.failed(hint, overSocket: false) == .wait(.seconds(300)))
        guard case .fail = machine.failed(hint, overSocket: false) else {
            Issue.record("the time is up")
            return
        }
    }

    @Test func `a server that was warmed up is continued`() {
        var machine = ConnectionMachine(usesSocket: true)
        _ = machine.begin(socketAge: .zero)
        #expect(machine.opened(warm: ResponseID("resp_w")) == .send(continuing: ResponseID("resp_w")))
    }

    @Test func `a socket that keeps dropping gives way to HTTP and is tried again later`() throws {
        var machine = ConnectionMachine(usesSocket: true, jitter: { 1 })
        _ = machine.begin(socketAge: .zero)
        for _ in 0..<2 {
            _ = machine.broken(.dropped("reset"), overSocket: true)
            #expect(machine.waited() == .open)
        }
        _ = machine.broken(.dropped("reset"), overSocket: true)
        #expect(machine.waited() == .sendHTTP)
        #expect(machine.ended(try end("r"), overSocket: false) == .finish)
        for _ in 0..<8 { #expect(machine.begin(socketAge: .zero) == .sendHTTP) }
        #expect(machine.begin(socketAge: .zero) == .open)
    }

    @Test func `an old socket is replaced between turns`() throws {
        var machine = ConnectionMachine(usesSocket: true, jitter: { 1 })
        _ = machine.begin(socketAge: .zero)
        _ = machine.opened()
        _ = machine.ended(try end("resp_1"), overSocket: true)
        #expect(machine.begin(socketAge: .seconds(3400)) == .reopen)
        #expect(machine.opened() == .send(continuing: nil))
    }

    @Test func `patience ends with the kind that the last error calls for`() {
        var machine = ConnectionMachine(usesSocket: false, jitter: { 1 })
        _ = machine.begin(socketAge: .zero)
        let busy = ProviderError(status: 503, message: "busy")
        for attempt in 0..<5 {
            #expect(machine.failed(busy, overSocket: false) == .wait(.milliseconds(200 << attempt)))
        }
        guard case .fail(let failure) = machine.failed(busy, overSocket: false), case .temporary = failure.kind else {
            Issue.record("expected a temporary failure")
            return
        }
    }

    @Test(arguments: [
        (401, "invalid_api_key", "credentials"), (403, "", "credentials"), (429, "insufficient_quota", "billing"),
        (400, "context_length_exceeded", "contextOverflow"), (400, "invalid_prompt", "permanent"),
    ])
    func `errors that no retry helps fail at once`(_ status: Int, _ code: String, _ kind: String) {
        var machine = ConnectionMachine(usesSocket: false, jitter: { 1 })
        _ = machine.begin(socketAge: .zero)
        let action = machine.failed(ProviderError(status: status, code: code, message: "no"), overSocket: false)
        guard case .fail(let failure) = action else {
            Issue.record("expected a failure, got \(action)")
            return
        }
        #expect("\(failure.kind)" == kind)
    }
}

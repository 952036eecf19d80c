import Responses
import Session
import Simulator
import Testing

@testable import Agent

/// Ways that a conversation goes on, beside those of the table of faults: what comes back has the bytes that came.
@Suite(.timeLimit(.minutes(5))) struct ConnectionWaysTests {
    private let none = FaultRow("nothing", "")

    /// Plays the conversation to its right end; returns how its requests went.
    private func play(_ world: FaultWorld, _ row: FaultRow) async throws -> [SimulatorLog.Request] {
        let ending = try await world.run()
        #expect(ending.verdict == .unverified, "\(ending.message)")
        #expect(world.executed == FaultWorld.calls)
        try world.check(row)
        let requests = world.server.log.requests.filter { !$0.body.isEmpty }
        await world.close()
        return requests
    }

    private func isWhole(_ request: SimulatorLog.Request) -> Bool {
        !String(decoding: request.body, as: UTF8.self).contains("previous_response_id")
    }

    @Test func `a line without faults has one socket and small requests`() async throws {
        let requests = try await play(FaultWorld(none, at: 0, over: .socket), none)
        #expect(requests.map(isWhole) == [true, false, false, false])
        #expect(Set(requests.map(\.connection)).count == 1)
    }

    @Test func `over HTTP every request has the whole history`() async throws {
        let requests = try await play(FaultWorld(none, at: 0, over: .http), none)
        #expect(requests.count == 4 && requests.allSatisfy(isWhole))
    }

    @Test func `each rotation carries the whole history over to a new socket, without a word`() async throws {
        var limits = ConnectionMachine.Limits.quick
        limits.rotationAge = .zero
        let world = try FaultWorld(none, at: 0, over: .socket, limits: limits)
        let requests = try await play(world, none)
        #expect(requests.count == 4 && requests.allSatisfy(isWhole))
        #expect(Set(requests.map(\.connection)).count == 4)
        #expect(world.notices == [])
    }

    @Test func `a socket that keeps breaking gives way to HTTP, and is tried again`() async throws {
        let row = FaultRow.wire("drops", #"{"at":1,"close":1011}"#, more: #","times":3"#)
        let requests = try await play(FaultWorld(row, at: 1, over: .socket), row)
        let roads = requests.map { $0.transport == .http ? "http" : "socket" }
        #expect(roads == ["socket", "socket", "socket", "socket", "http", "http", "socket"])
        #expect(requests.dropFirst(2).allSatisfy(isWhole))
    }

    @Test(arguments: [
        #""error":{"status":400,"code":"previous_response_not_found","message":"Gone."}"#,
        #""error":{"status":400,"code":"websocket_connection_limit_reached","message":"60 minutes."}"#,
        #""wire":[{"at":4,"instead":[{"type":"error","error":{"code":"websocket_connection_limit_reached","message":"x"}}]}]"#,
        #""close":1001"#,
    ])
    func `nobody is told of what is mended at once`(_ fault: String) async throws {
        for position in [1, 3] {
            let row = FaultRow("quiet", fault)
            let world = try FaultWorld(row, at: position, over: .socket)
            _ = try await play(world, row)
            #expect(world.notices == [])
        }
    }

    @Test func `a server that refuses connections and comes back is waited for`() async throws {
        var configuration = SimulatorServer.Configuration()
        for road in FaultRow.Road.allCases {
            let world = try lowWorld(over: road, &configuration)
            world.server.stop()
            // The port refuses for a while; the client is asked meanwhile.
            var limits = ConnectionMachine.Limits()
            (limits.firstWait, limits.retries) = (.milliseconds(50), 8)
            let later = try FaultWorld(
                none, at: 0, over: road, limits: limits, configuration: configuration, starts: false)
            async let requests = play(later, none)
            try await Task.sleep(for: .milliseconds(300))
            try later.server.start()
            #expect(try await requests.count == 4)
            await world.close()
        }
    }

    /// A server below the ports that the kernel gives to clients: none of them takes the port while it is free.
    private func lowWorld(
        over road: FaultRow.Road, _ configuration: inout SimulatorServer.Configuration
    ) throws -> FaultWorld {
        for _ in 0..<20 {
            configuration.port = .random(in: 15_000..<30_000)
            if let world = try? FaultWorld(none, at: 0, over: road, configuration: configuration) { return world }
        }
        return try FaultWorld(none, at: 0, over: road, configuration: configuration)
    }

    @Test func `a server that is gone for ever is given up after a while`() async throws {
        for road in FaultRow.Road.allCases {
            let world = try FaultWorld(none, at: 0, over: road)
            world.server.stop()
            let failure = await #expect(throws: ConnectionMachine.Failure.self) { try await world.run() }
            #expect(failure.map { "\($0.kind)" } == "temporary")
            await world.close()
        }
    }

    @Test func `a server that takes requests and never answers is given up when the time is over`() async throws {
        for road in FaultRow.Road.allCases {
            let row = FaultRow("silence", #""wire":[{"at":0,"stall":true}],"times":1000"#, needsDeadline: true)
            var limits = ConnectionMachine.Limits.quick
            limits.longestOutage = .seconds(2)
            let world = try FaultWorld(row, at: 1, over: road, limits: limits)
            let start = ContinuousClock.now
            let failure = await #expect(throws: ConnectionMachine.Failure.self) { try await world.run() }
            #expect(failure.map { "\($0.kind)" } == "temporary")
            #expect(ContinuousClock.now - start < .seconds(100))
            #expect(world.executed == ["call_a"])
            await world.close()
        }
    }

    @Test func `keep-alive events alone do not keep a response alive`() async throws {
        let beat = #"{"type":"keepalive"}"#
        let beats = Array(repeating: beat, count: 3).joined(separator: ",")
        let row = FaultRow.wire(
            "beats", #"{"at":2,"before":[\#(beats)]},{"at":2,"stall":true}"#, needsDeadline: true)
        for road in FaultRow.Road.allCases { _ = try await play(FaultWorld(row, at: 1, over: road), row) }
    }

    @Test func `a peer that is gone is found by a ping, long before the silence is too long`() async throws {
        let row = FaultRow.wire("deaf", #"{"at":2,"deaf":true}"#)
        var deadlines = Deadlines.patient
        (deadlines.pingAfter, deadlines.hangUpAfter) = (.seconds(1), .seconds(2))
        let start = ContinuousClock.now
        _ = try await play(FaultWorld(row, at: 1, over: .socket, deadlines: deadlines), row)
        #expect(ContinuousClock.now - start < .seconds(200))
    }

    @Test func `a slow response is no dead line, as long as its peer answers pings`() async throws {
        var deadlines = Deadlines.patient
        (deadlines.pingAfter, deadlines.hangUpAfter) = (.seconds(1), .seconds(2))
        let row = FaultRow("slow", #""delay_ms":3500"#)
        let requests = try await play(FaultWorld(row, at: 1, over: .socket, deadlines: deadlines), row)
        #expect(requests.count == 4)
    }

    @Test func `a server that was warmed up gets the first request as a continuation`() async throws {
        let world = try FaultWorld(none, at: 0, over: .socket, warmsUp: true)
        let requests = try await play(world, none)
        #expect(requests.map(isWhole) == [true, false, false, false, false])
        #expect(String(decoding: requests[0].body, as: UTF8.self).contains(#""generate":false"#))
    }

    @Test func `warming up that is refused changes nothing`() async throws {
        let row = FaultRow("refused", "", scenario: #""handshake":{"status":503,"times":1}"#)
        let requests = try await play(FaultWorld(row, at: 0, over: .socket, warmsUp: true), row)
        #expect(requests.map(isWhole) == [true, false, false, false])
    }

    @Test func `a connection made ahead is the one that carries the first request`() async throws {
        let world = try FaultWorld(none, at: 0, over: .socket, isPreconnected: true)
        let requests = try await play(world, none)
        #expect(Set(requests.map(\.connection)) == [0])
    }
}

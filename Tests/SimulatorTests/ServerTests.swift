import Glibc
import JSON
import Responses
import Testing

@testable import Simulator

/// The server over real sockets; the conformance tests drive it with a real client.
struct ServerTests {
    private static let script = #"{"after_last":"repeat-last","turns":[{"items":[{"type":"message","content":"a"}]}]}"#

    private func server(_ script: String = script) throws -> SimulatorServer {
        let server = try SimulatorServer(scenario: Scenario(json: Array(script.utf8)))
        try server.start()
        return server
    }

    private func post(_ body: String, connection: String = "keep-alive") -> String {
        "POST /v1/responses HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer k\r\nConnection: \(connection)\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    @Test func `it is there at one address only`() throws {
        let server = try server()
        defer { server.stop() }
        _ = try RawClient(port: server.port)
        // Linux answers at each of 127.0.0.0/8, as at any other address of the machine.
        #expect(throws: RawClient.Closed.self) { try RawClient(port: server.port, address: 0x7F00_0002) }
    }

    @Test func `it starts, answers, is logged and stops`() throws {
        let server = try server()
        let client = try RawClient(port: server.port)
        for round in 0..<3 {
            client.send(post(#"{"model":"m","input":"x"}"#))
            let answer = try client.answer()
            #expect(answer.status == 200)
            #expect(try JSON(answer.body)["status"]?.string == "completed")
            #expect(server.log.requests.count == round + 1, "the connection is kept")
        }
        server.stop()
        let requests = server.log.requests
        #expect(Set(requests.map(\.connection)).count == 1)
        #expect(requests.allSatisfy { $0.isAuthorized && $0.headers["authorization"] == nil })
        #expect(requests.allSatisfy { request in request.answered.map { $0 >= request.arrived } == true })
        #expect(requests.map { String(decoding: $0.body, as: UTF8.self) }.allSatisfy { $0.hasPrefix(#"{"model""#) })
        #expect(server.port == 0)
        server.stop()
    }

    @Test func `it starts again`() throws {
        let server = try server()
        server.stop()
        try server.start()
        #expect(server.port != 0)
        server.stop()
    }

    @Test func `a port that is taken is an error`() throws {
        let first = try server()
        var configuration = SimulatorServer.Configuration()
        configuration.port = first.port
        let second = try SimulatorServer(
            scenario: Scenario(json: Array(Self.script.utf8)), configuration: configuration)
        #expect(throws: ServerError.self) { try second.start() }
        first.stop()
    }

    @Test func `large bodies go both ways on a connection that is kept`() throws {
        let text = String(repeating: "0123456789", count: 300_000)
        let server = try server(
            #"{"after_last":"repeat-last","turns":[{"items":[{"type":"message","content":"\#(text)"}]}]}"#)
        let client = try RawClient(port: server.port)
        for _ in 0..<2 {
            client.send(post(#"{"model":"m","input":"\#(text)"}"#))
            let answer = try client.answer()
            #expect(try JSON(answer.body)["output"]?.elements.first { _ in true }?.raw.count ?? 0 > text.utf8.count)
        }
        server.stop()
    }

    @Test(
        arguments: [
            ("GET /v1/none HTTP/1.1\r\nAuthorization: Bearer k\r\n\r\n", 404),
            ("PUT /responses HTTP/1.1\r\nAuthorization: Bearer k\r\nContent-Length: 0\r\n\r\n", 405),
            ("GET /models HTTP/1.1\r\n\r\n", 401),
            ("GET /models HTTP/1.1\r\nAuthorization: Bearer sk-bad\r\n\r\n", 401),
            ("POST /responses HTTP/1.1\r\nAuthorization: Bearer k\r\nTransfer-Encoding: chunked\r\n\r\n", 411),
            ("POST /responses HTTP/1.1\r\nAuthorization: Bearer k\r\nContent-Length: 300000000\r\n\r\n", 413),
            ("POST /responses HTTP/1.1\r\nAuthorization: Bearer k\r\nContent-Length: 1\r\n\r\n{", 400),
            ("POST /responses/resp_x/cancel HTTP/1.1\r\nAuthorization: Bearer k\r\nContent-Length: 0\r\n\r\n", 404),
            ("GET /v1/models?limit=2&x=%20 HTTP/1.1\r\nAuthorization: Bearer k\r\n\r\n", 200),
            (
                "GET /v1/else HTTP/1.1\r\nAuthorization: Bearer k\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n", 404
            ),
        ])
    func `a request that cannot be served gets its status`(request: String, status: Int) throws {
        let server = try server()
        let client = try RawClient(port: server.port)
        client.send(request.replacing(" HTTP/1.1\r\n", with: " HTTP/1.1\r\nHost: x\r\n"))
        let answer = try client.answer()
        #expect(answer.status == status)
        #expect(try JSON(answer.body)["error"] != nil || status == 200)
        server.stop()
        #expect(server.log.requests.first?.status == status || status == 200)
    }

    @Test func `a request ahead of its answer ends the connection and not the server`() throws {
        let server = try server()
        let client = try RawClient(port: server.port)
        let request = post(#"{"model":"m","input":"x"}"#)
        client.send(request + request)
        #expect(throws: RawClient.Closed.self) { while true { _ = try client.answer() } }
        let other = try RawClient(port: server.port)
        other.send(request)
        #expect(try other.answer().status == 200)
        server.stop()
    }

    @Test func `a request that does not end does not hold up a stop`() throws {
        let server = try server(#"{"turns":[{"items":[],"delay_ms":3600000}]}"#)
        let client = try RawClient(port: server.port)
        client.send(post(#"{"model":"m","input":"x"}"#))
        let other = try RawClient(port: server.port)
        other.send("GET /v1/models HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer k\r\n\r\n")
        #expect(try other.answer().status == 200)
        server.stop()
    }

    @Test func `many clients are served at once`() async throws {
        let server = try server()
        let request = post(#"{"model":"m","input":"x"}"#)
        let port = server.port
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<40 {
                group.addTask {
                    let client = try RawClient(port: port)
                    client.send(request)
                    return try client.answer().status
                }
            }
            return try await group.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(statuses == Array(repeating: 200, count: 40))
        server.stop()
    }
}

import Dispatch
import Synchronization
import Testing

@testable import Transport

extension TestServer {
    var url: Endpoint {
        get throws { try Endpoint("http://127.0.0.1:\(port)/v1/responses") }
    }
}

extension Peer {
    /// Reads a request with its body.
    func readRequest() throws -> (request: String, headers: [String: String], body: [UInt8]) {
        let (request, headers) = try readHead()
        return (request, headers, try read(Int(headers["content-length"] ?? "") ?? 0))
    }

    func respond(_ status: Int, _ headers: String = "", _ body: [UInt8]) throws {
        try send("HTTP/1.1 \(status) Whatever\r\n\(headers)Content-Length: \(body.count)\r\n\r\n")
        try send(body)
    }

    func startChunks(_ headers: String = "") throws {
        try send("HTTP/1.1 200 OK\r\n\(headers)Transfer-Encoding: chunked\r\n\r\n")
    }

    func sendChunk(_ text: String) throws {
        try send("\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n")
    }
}

private func failure<Value>(_ body: () async throws -> Value) async throws -> TransportError {
    do { _ = try await body() } catch let error as TransportError { return error }
    throw PeerError(what: "no failure")
}

@Suite(.serialized, .timeLimit(.minutes(1))) struct HTTPTests {
    let client = HTTPClient()

    @Test func `a request arrives as it was made and the answer comes back`() async throws {
        let seen = Mailbox<(request: String, headers: [String: String], body: [UInt8])>()
        let server = try TestServer { peer in
            while true {
                seen.put(try peer.readRequest())
                try peer.respond(200, "X-Request-Id:  req_1 \r\nX-Empty:\r\n", Array("{\"a\":1}".utf8))
            }
        }
        let response = try await client.request(
            HTTPRequest(
                "POST", server.url,
                headers: ["Authorization": "Bearer k", "Content-Type": "application/json", "X-None": ""],
                body: Array("{}".utf8)))
        #expect(response.status == 200)
        #expect(response.body == Array("{\"a\":1}".utf8))
        #expect(response.headers["x-request-ID"] == "req_1")
        #expect(response.headers["x-empty"]?.isEmpty == true)
        #expect(response.headers["x-missing"] == nil)
        let request = try #require(await seen.take())
        #expect(request.request == "POST /v1/responses HTTP/1.1")
        #expect(request.headers["authorization"] == "Bearer k")
        #expect(request.headers["content-type"] == "application/json")
        #expect(request.headers["x-none"]?.isEmpty == true)
        #expect(request.headers["expect"] == nil)
        #expect(request.headers["accept-encoding"] == "identity")
        #expect(request.body == Array("{}".utf8))
    }

    @Test(arguments: ["GET", "POST", "DELETE"]) func `methods without a body work`(_ method: String) async throws {
        let server = try TestServer { peer in
            let request = try peer.readRequest()
            try peer.respond(200, "", Array(request.request.utf8))
        }
        let response = try await client.request(HTTPRequest(method, server.url))
        #expect(response.body == Array("\(method) /v1/responses HTTP/1.1".utf8))
    }

    @Test func `20 MB go both ways`() async throws {
        let server = try TestServer { peer in try peer.respond(200, "", peer.readRequest().body) }
        let body = (0..<20_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        #expect(try await client.request(HTTPRequest("POST", server.url, body: body)).body == body)
    }

    @Test func `requests use one connection again, and several run at once`() async throws {
        let connections = Mutex(0)
        let server = try TestServer { peer in
            connections.withLock { $0 += 1 }
            while true { try peer.respond(200, "", peer.readRequest().body) }
        }
        for _ in 0..<20 { _ = try await client.request(HTTPRequest("GET", server.url)) }
        #expect(connections.withLock { $0 } == 1)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<50 {
                group.addTask {
                    let body = Array("\(number)".utf8)
                    let response = try await client.request(HTTPRequest("POST", server.url, body: body))
                    #expect(response.body == body)
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func `a stream arrives piece by piece`() async throws {
        let go = TestGate()
        let server = try TestServer { peer in
            _ = try peer.readRequest()
            try peer.startChunks("Content-Type: text/event-stream\r\n")
            for number in 0..<5 {
                try peer.sendChunk("event: n\ndata: \(number)\n\n")
                go.wait()
            }
            try peer.send("0\r\nTrailer: x\r\n\r\n")
            peer.waitForEnd()
        }
        let stream = try await client.stream(HTTPRequest("POST", server.url, body: [0x7B, 0x7D]))
        #expect(stream.status == 200)
        #expect(stream.headers["content-type"] == "text/event-stream")
        #expect(stream.headers["trailer"] == nil)
        var parser = ServerSentEvents()
        var seen: [String] = []
        for try await chunk in stream.body {
            for event in try parser.feed(chunk) {
                seen.append(String(decoding: event.data, as: UTF8.self))
                go.open()
            }
        }
        #expect(seen == ["0", "1", "2", "3", "4"])
    }

    @Test(arguments: [302, 400, 401, 429, 500]) func `a refused stream has headers and body`(_ status: Int) async throws
    {
        let server = try TestServer { peer in
            while true {
                _ = try peer.readRequest()
                try peer.respond(status, "Retry-After: 3\r\nLocation: /other\r\n", Array("{\"error\":{}}".utf8))
            }
        }
        let error = try await failure { try await client.stream(HTTPRequest("POST", server.url)) }
        #expect(error.code == .refused(status: status))
        #expect(error.headers["retry-after"] == "3")
        #expect(error.body == Array("{\"error\":{}}".utf8))
        let response = try await client.request(HTTPRequest("POST", server.url))
        #expect(response.status == status)
        #expect(response.body == error.body)
    }

    @Test func `the body of a refusal is cut at 4 MiB`() async throws {
        let server = try TestServer { peer in
            _ = try peer.readRequest()
            try peer.respond(500, "", [UInt8](repeating: 0x61, count: 6 << 20))
        }
        let response = try await client.request(HTTPRequest("GET", server.url))
        #expect(response.body.count == 4 << 20)
    }

    @Test func `a good answer over the limit is refused`() async throws {
        let server = try TestServer { peer in
            _ = try peer.readRequest()
            try peer.respond(200, "", [UInt8](repeating: 0x61, count: 1_000))
        }
        var request = HTTPRequest("GET", try server.url)
        request.answerByteLimit = 999
        #expect(try await failure { try await client.request(request) }.code == .protocolError)
    }

    @Test(arguments: [true, false]) func `a connection that is cut in the body has closed`(
        _ isChunked: Bool
    ) async throws {
        let server = try TestServer { peer in
            _ = try peer.readRequest()
            if isChunked {
                try peer.startChunks()
                try peer.sendChunk("data: 1\n\n")
            } else {
                try peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ndata: 1\n\n")
            }
        }
        let stream = try await client.stream(HTTPRequest("GET", server.url))
        var bytes: [UInt8] = []
        let error = try await failure { for try await chunk in stream.body { bytes += chunk } }
        #expect(error.code == .closed)
        #expect(bytes == Array("data: 1\n\n".utf8))
    }

    @Test func `a server that hangs up without an answer has closed`() async throws {
        let server = try TestServer { peer in _ = try peer.readRequest() }
        #expect(try await failure { try await client.request(HTTPRequest("POST", server.url)) }.code == .closed)
    }

    @Test func `no connection and no such name are named`() async throws {
        let server = try TestServer { _ in }
        server.stop()
        let refused = try await failure { try await client.request(HTTPRequest("GET", server.url)) }
        #expect(refused.code == .connectFailed)
        #expect(refused.message.contains("127.0.0.1:\(server.port)"))
        let unknown = try await failure {
            try await client.request(HTTPRequest("GET", Endpoint("http://nonexistent.invalid/")))
        }
        #expect(unknown.code == .connectFailed)
        #expect(unknown.message.contains("nonexistent.invalid"))
    }

    @Test(arguments: [true, false]) func `silence times out before and after the head`(_ hasHead: Bool) async throws {
        let server = try TestServer { peer in
            _ = try peer.readRequest()
            if hasHead { try peer.startChunks() }
            peer.waitForEnd()
        }
        var request = HTTPRequest("GET", try server.url)
        request.timeouts.idle = .milliseconds(150)
        let error = try await failure { try await client.request(request) }
        #expect(error.code == .timedOut)
    }

    @Test func `the total time ends a stream that never pauses`() async throws {
        let server = try TestServer { peer in
            _ = try peer.readRequest()
            try peer.startChunks()
            while true { try peer.sendChunk("data: 1\n\n") }
        }
        var request = HTTPRequest("GET", try server.url)
        request.timeouts.total = .milliseconds(150)
        let stream = try await client.stream(request)
        let error = try await failure { for try await _ in stream.body {} }
        #expect(error.code == .timedOut)
    }

    @Test(arguments: [true, false]) func `cancelling the task aborts the transfer`(_ hasHead: Bool) async throws {
        let events = Mailbox<String>()
        let server = try TestServer { peer in
            _ = try peer.readRequest()
            if hasHead { try peer.startChunks() }
            events.put("asked")
            peer.waitForEnd()
            events.put("gone")
        }
        let url = try server.url
        let waiting = Task {
            try await failure {
                let stream = try await client.stream(HTTPRequest("GET", url))
                for try await _ in stream.body {}
            }
        }
        #expect(await events.take() == "asked")
        waiting.cancel()
        #expect(try await waiting.value.code == .cancelled)
        #expect(await events.take() == "gone")
    }

    @Test func `letting go of a body or of the client aborts the transfer`() async throws {
        let gone = Mailbox<Bool>()
        let server = try TestServer { peer in
            _ = try peer.readRequest()
            try peer.startChunks()
            peer.waitForEnd()
            gone.put(true)
        }
        do { _ = try await client.stream(HTTPRequest("GET", server.url)) }
        #expect(await gone.take() == true)
        do { _ = try await HTTPClient().stream(HTTPRequest("GET", server.url)) }
        #expect(await gone.take() == true)
    }

    @Test func `what is not a request is refused`() async throws {
        for request in [
            try HTTPRequest("GET", Endpoint("ws://127.0.0.1:1")),
            try HTTPRequest("GET /", Endpoint("http://127.0.0.1:1")),
            try HTTPRequest("GET", Endpoint("http://127.0.0.1:1"), headers: ["A": "x\r\nB: y"]),
        ] {
            #expect(try await failure { try await client.request(request) }.code == .invalid)
        }
    }

    @Test func `a good, an unknown and a wrong certificate`() async throws {
        let authority = try TestAuthority()
        let server = try TestServer { peer in
            while true { try peer.respond(200, "", Array(peer.readRequest().request.utf8)) }
        }
        let front = try TLSFront(authority, server: server, protocols: ["http/1.1"])
        let good = try Endpoint("https://localhost:\(front.port)/x")
        let client = HTTPClient(trust: authority.authority)
        #expect(try await client.request(HTTPRequest("GET", good)).body == Array("GET /x HTTP/1.1".utf8))
        let wrongHost = try Endpoint("https://127.0.0.1:\(front.port)/x")
        #expect(try await failure { try await client.request(HTTPRequest("GET", wrongHost)) }.code == .tls)
        for trust in [authority.otherAuthority, TLSTrust(), TLSTrust(certificateFile: "/nonexistent")] {
            let other = HTTPClient(trust: trust)
            #expect(try await failure { try await other.request(HTTPRequest("GET", good)) }.code == .tls)
        }
    }
}

/// Lets a thread of the server go on when a test says so.
final class TestGate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    func wait() { _ = semaphore.wait(timeout: .now() + 20) }
    func open() { semaphore.signal() }
}

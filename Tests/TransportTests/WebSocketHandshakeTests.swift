import Synchronization
import Testing

@testable import Transport

@Suite(.serialized, .timeLimit(.minutes(1))) struct WebSocketHandshakeTests {
    @Test(arguments: [400, 401, 403, 404, 426, 429, 500, 503, 302, 200])
    func `a refusal has the status and the headers that say what to do`(_ status: Int) async throws {
        let server = try TestServer { peer in
            _ = try peer.readHead()
            try peer.send(
                "HTTP/1.1 \(status) Refused\r\nRetry-After: 7\r\nX-Request-Id: req_1\r\n"
                    + "WWW-Authenticate: Bearer realm=\"x\"\r\nLocation: http://127.0.0.1:1/\r\n"
                    + "Set-Cookie: \(String(repeating: "c", count: 6_000))\r\nContent-Length: 2\r\n\r\n{}")
            peer.waitForEnd()
        }
        let error = try await connectFailure(address(server))
        #expect(error.code == .refused(status: status))
        #expect(error.headers["retry-after"] == "7")
        #expect(error.headers["x-request-id"] == "req_1")
        #expect(error.headers["WWW-Authenticate"] == "Bearer realm=\"x\"")
        #expect(error.message.contains("\(status)"))
    }

    @Test func `a port that refuses is named`() async throws {
        let server = try TestServer { _ in }
        let endpoint = try address(server)
        server.stop()
        let error = try await connectFailure(endpoint)
        #expect(error.code == .connectFailed)
        #expect(error.message.contains("127.0.0.1:\(server.port)"))
    }

    @Test func `a name that does not exist is named`() async throws {
        let error = try await connectFailure(Endpoint("ws://nonexistent.invalid/"))
        #expect(error.code == .connectFailed)
        #expect(error.message.contains("nonexistent.invalid:80"))
    }

    @Test func `a handshake without an answer times out`() async throws {
        let server = try TestServer { $0.waitForEnd() }
        var options = WebSocketOptions()
        options.handshakeTimeout = .milliseconds(200)
        #expect(try await connectFailure(address(server), options: options).code == .timedOut)
    }

    @Test func `a server that hangs up in the handshake has closed`() async throws {
        let server = try TestServer { peer in _ = try peer.readHead() }
        #expect(try await connectFailure(address(server)).code == .closed)
    }

    @Test(arguments: [
        "HTTP/1.1 101 OK\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: AAAA\r\n\r\n",
        "HTTP/1.1 101 OK\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: AAAA\r\n\r\n",
        "HTTP/1.1 101 OK\r\n\r\n",
    ])
    func `an answer that is no upgrade is a protocol error`(_ answer: String) async throws {
        let server = try TestServer { peer in
            _ = try peer.readHead()
            try peer.send(answer)
            peer.waitForEnd()
        }
        #expect(try await connectFailure(address(server)).code == .protocolError)
    }

    @Test func `bytes that are not HTTP do not connect`() async throws {
        let server = try TestServer { peer in
            _ = try peer.readHead()
            try peer.send("\u{0}\u{1} nothing like HTTP\r\n\r\n")
        }
        _ = try await connectFailure(address(server))
    }

    @Test func `cancelling a connect ends it at once`() async throws {
        let reached = Mailbox<Bool>()
        let server = try TestServer { peer in
            reached.put(true)
            peer.waitForEnd()
            reached.put(false)
        }
        let endpoint = try address(server)
        let connecting = Task { try await connectFailure(endpoint) }
        #expect(await reached.take() == true)
        connecting.cancel()
        #expect(try await connecting.value.code == .cancelled)
        #expect(await reached.take() == false)
    }

    @Test(arguments: [("A\r\nB", "x"), ("A:", "x"), ("", "x"), ("A", "x\r\nB: y"), ("A", "x\u{0}")])
    func `headers that would break the request are refused`(_ name: String, _ value: String) async throws {
        let error = try await connectFailure(Endpoint("ws://127.0.0.1:1"), headers: [.init(name: name, value: value)])
        #expect(error.code == .invalid)
    }

    @Test func `headers that do not fit are refused`() async throws {
        let server = try TestServer(echo)
        let headers: HTTPHeaders = ["Authorization": String(repeating: "k", count: 70_000)]
        #expect(try await connectFailure(address(server), headers: headers).code == .invalid)
    }

    @Test func `a proxy is asked to connect, with its password`() async throws {
        let asked = Mutex<[String]>([])
        let proxy = try TestServer { peer in
            let head = try peer.readHead()
            asked.withLock { $0 = [head.request, head.headers["proxy-authorization"] ?? ""] }
            try peer.send("HTTP/1.1 200 Connected\r\n\r\n")
            try echo(peer)
        }
        let options = WebSocketOptions(proxy: try Proxy("http://user:pass@127.0.0.1:\(proxy.port)"))
        let connection = try await WebSocketConnection.connect(
            to: Endpoint("ws://server.example:81/x"), options: options)
        try connection.send([0x61])
        #expect(try await connection.message() == [0x61])
        #expect(asked.withLock { $0 } == ["CONNECT server.example:81 HTTP/1.1", "basic dXNlcjpwYXNz"])
    }

    @Test func `a proxy is told an IPv6 address in its brackets`() async throws {
        let asked = Mutex("")
        let proxy = try TestServer { peer in
            let head = try peer.readHead()
            asked.withLock { $0 = head.request }
            try peer.send("HTTP/1.1 200 Connected\r\n\r\n")
            try echo(peer)
        }
        let options = WebSocketOptions(proxy: try Proxy("127.0.0.1:\(proxy.port)"))
        let connection = try await WebSocketConnection.connect(
            to: Endpoint("ws://[2001:db8::1]:81/x"), options: options)
        connection.close()
        #expect(asked.withLock { $0 } == "CONNECT [2001:db8::1]:81 HTTP/1.1")
    }

    @Test func `a proxy that refuses is an error of the proxy`() async throws {
        let proxy = try TestServer { peer in
            _ = try peer.readHead()
            try peer.send("HTTP/1.1 407 Who are you\r\n\r\n")
            peer.waitForEnd()
        }
        let options = WebSocketOptions(proxy: try Proxy("127.0.0.1:\(proxy.port)"))
        #expect(try await connectFailure(Endpoint("ws://server.example:81/x"), options: options).code == .proxy)
    }
}

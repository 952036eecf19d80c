import Glibc
import Synchronization
import Testing

@testable import Transport

/// Every wait of these tests ends at the latest with this.
let patience = Duration.seconds(20)

func address(_ server: TestServer, scheme: String = "ws") throws -> Endpoint {
    try Endpoint("\(scheme)://127.0.0.1:\(server.port)/v1/responses")
}

extension WebSocketConnection {
    func message() async throws -> [UInt8] {
        guard case .message(let bytes, _) = try await receive(timeout: patience) else {
            throw PeerError(what: "closed")
        }
        return bytes
    }

    func end() async throws -> (code: UInt16?, reason: String) {
        while true {
            if case .closed(let code, let reason) = try await receive(timeout: patience) { return (code, reason) }
        }
    }
}

func connectFailure(
    _ endpoint: Endpoint, headers: HTTPHeaders = [], options: WebSocketOptions = WebSocketOptions()
) async throws -> TransportError {
    do {
        _ = try await WebSocketConnection.connect(to: endpoint, headers: headers, options: options)
    } catch {
        return error
    }
    throw PeerError(what: "connected")
}

@Suite(.serialized, .timeLimit(.minutes(1))) struct WebSocketTests {
    @Test(arguments: [0, 1, 100, 125, 126, 65_535, 65_536, 1 << 20, (1 << 20) + 1, 20_000_000])
    func `a message of any size comes back whole`(_ size: Int) async throws {
        let server = try TestServer(echo)
        let connection = try await WebSocketConnection.connect(to: address(server))
        let message = (0..<size).map { UInt8(truncatingIfNeeded: 0x20 + $0 % 90) }
        try connection.send(message)
        #expect(try await connection.message() == message)
        connection.close(code: 1000, reason: "done")
        #expect(try await connection.end() == (1000, "done"))
        server.stop()
    }

    @Test func `messages keep their order`() async throws {
        let server = try TestServer(echo)
        let connection = try await WebSocketConnection.connect(to: address(server))
        for number in 0..<500 { try connection.send(Array("\(number)".utf8)) }
        for number in 0..<500 { #expect(try await connection.message() == Array("\(number)".utf8)) }
    }

    @Test func `a long message goes out in fragments and a short one in a single frame`() async throws {
        let server = try TestServer { peer in
            try peer.acceptWebSocket()
            while true { try peer.sendText("\(peer.readMessage().frames)") }
        }
        let connection = try await WebSocketConnection.connect(to: address(server))
        try connection.send([UInt8](repeating: 0x61, count: 1 << 20))
        try connection.send([UInt8](repeating: 0x61, count: (2 << 20) + 1))
        #expect(try await connection.message() == Array("1".utf8))
        #expect(try await connection.message() == Array("3".utf8))
    }

    @Test func `fragments with a ping between them make one message`() async throws {
        let pong = Mutex<[UInt8]>([])
        let server = try TestServer { peer in
            try peer.acceptWebSocket()
            // The second character is cut in its middle.
            try peer.sendFrame(1, [0x61, 0xC3], isFinal: false)
            try peer.sendFrame(9, Array("beat".utf8))
            let frame = try peer.readFrame()
            pong.withLock { $0 = [frame.opcode] + frame.payload }
            try peer.sendFrame(0, [], isFinal: false)
            try peer.sendFrame(0, [0xB6])
            peer.waitForEnd()
        }
        let connection = try await WebSocketConnection.connect(to: address(server))
        #expect(try await connection.message() == Array("a\u{F6}".utf8))
        #expect(pong.withLock { $0 } == [10] + Array("beat".utf8))
    }

    @Test func `path, query, host and headers of the handshake are those given`() async throws {
        let seen = Mailbox<(request: String, headers: [String: String])>()
        let server = try TestServer { peer in
            seen.put(try peer.acceptWebSocket())
            peer.waitForEnd()
        }
        let key = String(repeating: "k", count: 6_000)
        let endpoint = try Endpoint("http://127.0.0.1:\(server.port)/v1?x=y%20z").webSocket(path: "responses")
        let connection = try await WebSocketConnection.connect(
            to: endpoint, headers: ["Authorization": "Bearer \(key)", "X-Empty": "", "User-Agent": "graft/1"])
        let head = try #require(await seen.take())
        #expect(head.request == "GET /v1/responses?x=y%20z HTTP/1.1")
        #expect(head.headers["host"] == "127.0.0.1:\(server.port)")
        #expect(head.headers["authorization"] == "Bearer \(key)")
        #expect(head.headers["user-agent"] == "graft/1")
        #expect(head.headers["origin"] == nil)
        #expect(head.headers["sec-websocket-protocol"] == nil)
        connection.close()
    }

    @Test(
        arguments: [
            (1000, "bye", 1000), (1001, "", 1001), (1008, "policy", 1008), (1011, "\u{1F4A5} broke", 1011),
            (4001, "cap", 4001), (nil, "", 1005), (1012, "restart", nil), (1013, "later", nil),
        ] as [(UInt16?, String, UInt16?)])
    func `the server's close code and reason arrive`(_ code: UInt16?, _ reason: String, _ seen: UInt16?) async throws {
        let server = try TestServer { peer in
            try peer.acceptWebSocket()
            try peer.sendText("last")
            try peer.sendClose(code, reason)
            _ = try? peer.readMessage()
        }
        let connection = try await WebSocketConnection.connect(to: address(server))
        #expect(try await connection.message() == Array("last".utf8))
        #expect(try await connection.end() == (seen, reason))
        #expect(try await connection.end() == (seen, reason))
        #expect(throws: TransportError.self) { try connection.send([0x61]) }
    }

    @Test func `our close code and reason reach the server after what was queued`() async throws {
        let seen = Mailbox<[UInt8]>()
        let server = try TestServer { peer in
            try peer.acceptWebSocket()
            while true {
                let frame = try peer.readFrame()
                seen.put(frame.payload)
                if frame.opcode == 8 { return try peer.sendFrame(8, frame.payload) }
            }
        }
        let connection = try await WebSocketConnection.connect(to: address(server))
        try connection.send(Array("work".utf8))
        let long = String(repeating: "\u{F6}", count: 100)
        connection.close(code: 4000, reason: long)
        connection.close(code: 4001, reason: "too late")
        #expect(throws: TransportError.self) { try connection.send([0x61]) }
        #expect(try await connection.end() == (4000, long))
        #expect(await seen.take() == Array("work".utf8))
        #expect(await seen.take() == [0x0F, 0xA0] + Array(String(repeating: "\u{F6}", count: 61).utf8))
    }

    @Test(
        arguments: [
            (1007, 1, [0x61, 0xFF], 1), (1007, 1, [0xC3], 1), (1003, 2, [0x61], 1), (1009, 1, [0x61], 3_000),
        ] as [(UInt16, UInt8, [UInt8], Int)])
    func `a message that breaks the rules ends the connection with a code`(
        _ code: UInt16, _ opcode: UInt8, _ piece: [UInt8], _ count: Int
    ) async throws {
        let payload = Array(repeatElement(piece, count: count).joined())
        let told = Mailbox<UInt16>()
        let server = try TestServer { peer in
            try peer.acceptWebSocket()
            try peer.sendFrame(opcode, payload)
            let frame = try peer.readFrame()
            told.put(UInt16(frame.payload[0]) << 8 | UInt16(frame.payload[1]))
        }
        var options = WebSocketOptions()
        options.messageByteLimit = 2_000
        let connection = try await WebSocketConnection.connect(to: address(server), options: options)
        #expect(try await connection.end().code == code)
        #expect(await told.take() == code)
    }

    @Test func `a connection that is cut has no code`() async throws {
        let server = try TestServer { peer in try peer.acceptWebSocket() }
        let connection = try await WebSocketConnection.connect(to: address(server))
        let end = try await connection.end()
        #expect(end.code == nil)
        #expect(end.reason.contains("cut off"))
    }

    @Test func `a dead peer is noticed by a ping without answer`() async throws {
        let opcodes = Mutex<[UInt8]>([])
        let server = try TestServer { peer in
            try peer.acceptWebSocket()
            let frame = try peer.readFrame()
            opcodes.withLock { $0.append(frame.opcode) }
            peer.waitForEnd()
        }
        var options = WebSocketOptions()
        options.pingAfter = .seconds(1)
        options.hangUpAfter = .seconds(2)
        let connection = try await WebSocketConnection.connect(to: address(server), options: options)
        #expect(try await connection.end().code == nil)
        #expect(opcodes.withLock { $0 } == [9])
    }

    @Test func `a line that swallows pongs lives as long as messages come`() async throws {
        let server = try TestServer { peer in
            try peer.acceptWebSocket()
            for number in 0..<12 {
                usleep(300_000)
                try peer.sendText("\(number)")
            }
            peer.waitForEnd()
        }
        var options = WebSocketOptions()
        (options.pingAfter, options.hangUpAfter) = (.seconds(1), .seconds(2))
        let connection = try await WebSocketConnection.connect(to: address(server), options: options)
        for number in 0..<12 { #expect(try await connection.message() == Array("\(number)".utf8)) }
        #expect(try await connection.end().code == nil)
    }

    @Test func `a cancelled wait leaves the connection as it is`() async throws {
        let server = try TestServer(echo)
        let connection = try await WebSocketConnection.connect(to: address(server))
        let waiting = Task { try await connection.receive() }
        waiting.cancel()
        let error = await #expect(throws: TransportError.self) { try await waiting.value }
        #expect(error?.code == .cancelled)
        let late = await #expect(throws: TransportError.self) {
            try await connection.receive(timeout: .milliseconds(1))
        }
        #expect(late?.code == .timedOut)
        try connection.send(Array("still here".utf8))
        #expect(try await connection.message() == Array("still here".utf8))
    }

    @Test func `letting go of a connection cuts it`() async throws {
        let gone = Mailbox<Bool>()
        let server = try TestServer { peer in
            try peer.acceptWebSocket()
            peer.waitForEnd()
            gone.put(true)
        }
        do { _ = try await WebSocketConnection.connect(to: address(server)) }
        #expect(await gone.take() == true)
    }

    @Test func `200 connections leave no thread and no file behind`() async throws {
        let count = Mutex(0)
        let server = try TestServer { peer in
            let number = count.withLock { count in
                count += 1
                return count
            }
            // Every fourth is refused, every fourth is cut after the handshake, the rest echo.
            switch number % 4 {
            case 0:
                _ = try peer.readHead()
                try peer.send("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n")
            case 1: try peer.acceptWebSocket()
            default: try echo(peer)
            }
        }
        _ = try? await WebSocketConnection.connect(to: address(server))
        let before = try resources()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                if number >= 8 { try await group.next() }
                group.addTask {
                    guard let connection = try? await WebSocketConnection.connect(to: address(server)) else { return }
                    try? connection.send([0x61])
                    _ = try await connection.receive(timeout: patience)
                    if number.isMultiple(of: 2) {
                        connection.close()
                        _ = try await connection.end()
                    }
                }
            }
            try await group.waitForAll()
        }
        // Other tests of this process come and go; what 200 connections leave behind is more than they have.
        let limit = before + 100
        let deadline = ContinuousClock.now + patience
        while try resources() > limit, ContinuousClock.now < deadline { await Task.yield() }
        #expect(try resources() <= limit)
    }

    /// Threads and open files of this process, without those of the test server.
    private func resources() throws -> Int { try entries("/proc/self/task") + entries("/proc/self/fd") }

    private func entries(_ path: String) throws -> Int {
        guard let folder = opendir(path) else { throw PeerError(what: path) }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        return count
    }
}

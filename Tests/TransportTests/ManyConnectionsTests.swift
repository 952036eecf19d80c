import Synchronization
import Testing

@testable import Transport

/// Connections that come and go beside each other, each with an answer of its own: none gets another's.
@Suite(.serialized, .timeLimit(.minutes(2))) struct ManyConnectionsTests {
    private static let count = 240
    private static let width = 12

    @Test func `each WebSocket sees its own refusal, its own messages and its own end`() async throws {
        let statuses = [200, 302, 400, 404, 429, 503]
        let server = try TestServer { peer in
            let head = try peer.readHead()
            let number = try Self.number(in: head.request)
            guard number % 2 == 1 else {
                let status = statuses[number / 2 % statuses.count]
                try peer.send("HTTP/1.1 \(status) X\r\nX-Request-Id: req_\(number)\r\nContent-Length: 0\r\n\r\n")
                return
            }
            try peer.accept(head.headers)
            for part in 0..<3 { try peer.sendText("\(number)/\(part)") }
            let said = try peer.readMessage().bytes
            try peer.sendText("\(number) heard \(String(decoding: said, as: UTF8.self))")
            if number % 4 == 1 { try peer.sendClose(UInt16(3000 + number), "end \(number)") }
        }
        try await inParallel { number in
            let endpoint = try Endpoint("ws://127.0.0.1:\(server.port)/\(number)")
            if number % 2 == 0 {
                let error = try await connectFailure(endpoint)
                #expect(error.code == .refused(status: statuses[number / 2 % statuses.count]))
                #expect(error.headers["x-request-id"] == "req_\(number)")
                return
            }
            let connection = try await WebSocketConnection.connect(to: endpoint)
            // Let go in the middle: its number and its memory are the next one's.
            if number % 7 == 0 { return }
            for part in 0..<3 { #expect(try await connection.message() == Array("\(number)/\(part)".utf8)) }
            try connection.send(Array("I am \(number)".utf8))
            #expect(try await connection.message() == Array("\(number) heard I am \(number)".utf8))
            guard case .closed(let code, let reason) = try await connection.receive(timeout: patience) else {
                throw PeerError(what: "a message after the last")
            }
            if number % 4 == 1 {
                #expect(code == UInt16(3000 + number))
                #expect(reason == "end \(number)")
            } else {
                #expect(code == nil)
            }
        }
    }

    @Test func `each request of one client gets its own answer over connections that are kept`() async throws {
        let connections = Mutex(0)
        let server = try TestServer { peer in
            connections.withLock { $0 += 1 }
            while let (request, _, body) = try? peer.readRequest() {
                let number = try Self.number(in: request)
                let text = "answer \(number) to \(String(decoding: body, as: UTF8.self))"
                switch number % 4 {
                case 0: try peer.respond(200, "X-Number: \(number)\r\n", Array(text.utf8))
                case 1: try peer.respond(500 + number % 20, "X-Number: \(number)\r\n", Array(text.utf8))
                case 2:
                    try peer.startChunks("X-Number: \(number)\r\n")
                    for letter in text { try peer.sendChunk(String(letter)) }
                    try peer.send("0\r\n\r\n")
                default:
                    // Breaks off, or goes on for as long as somebody reads.
                    try peer.startChunks("X-Number: \(number)\r\n")
                    for _ in 0..<1000 { try peer.sendChunk("\(number) ") }
                    return
                }
            }
        }
        let client = HTTPClient()
        try await inParallel { number in
            let url = try Endpoint("http://127.0.0.1:\(server.port)/\(number)")
            let request = HTTPRequest("POST", url, body: Array("question \(number)".utf8))
            if number % 4 == 3 {
                // Its connection is not one for others any more.
                let stream = try await client.stream(request)
                #expect(stream.headers["x-number"] == "\(number)")
                let first = try await stream.body.next() ?? []
                #expect(String(decoding: first, as: UTF8.self).hasPrefix("\(number) "))
                return
            }
            let answer = try await client.request(request)
            #expect(answer.status == (number % 4 == 1 ? 500 + number % 20 : 200))
            #expect(answer.headers["x-number"] == "\(number)")
            #expect(String(decoding: answer.body, as: UTF8.self) == "answer \(number) to question \(number)")
        }
        #expect(connections.withLock { $0 } < Self.count, "connections are kept for later requests")
    }

    private static func number(in request: String) throws -> Int {
        let path = request.split(separator: " ").dropFirst().first?.dropFirst() ?? ""
        guard let number = Int(path) else { throw PeerError(what: request) }
        return number
    }

    /// Runs the body for each number, some beside each other.
    private func inParallel(_ body: @escaping @Sendable (Int) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...Self.count {
                if number > Self.width { try await group.next() }
                group.addTask { try await body(number) }
            }
            try await group.waitForAll()
        }
    }
}

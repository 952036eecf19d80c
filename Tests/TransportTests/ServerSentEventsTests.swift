import Testing

@testable import Transport

struct ServerSentEventsTests {
    /// A stream and the events in it, as `name|data`.
    static let streams: [(String, [String])] = [
        ("event: a\ndata: 1\n\n", ["a|1"]),
        ("event: a\r\ndata: 1\r\n\r\nevent: b\r\ndata: 2\r\n\r\n", ["a|1", "b|2"]),
        ("event: a\rdata: 1\r\revent: b\rdata: 2\r\r", ["a|1", "b|2"]),
        ("data: 1\n\r\ndata: 2\r\n\ndata: 3\r\r\n", ["message|1", "message|2", "message|3"]),
        ("data: 1\ndata: 2\ndata\ndata:\n\n", ["message|1\n2\n\n"]),
        ("data:  two spaces\n\ndata:none\n\n", ["message| two spaces", "message|none"]),
        (": comment\n\n:\ndata: 1\n: inside\nid: 7\nretry: 3\nunknown\nother: x\n\n", ["message|1"]),
        ("event: a\n\ndata: 1\n\n", ["message|1"]),
        ("event: a\nevent: b\ndata: 1\n\n", ["b|1"]),
        ("\u{FEFF}data: 1\n\n\u{FEFF}data: 2\n\n", ["message|1"]),
        ("\u{FEFF}\n\ndata: \u{FEFF}x\n\n", ["message|\u{FEFF}x"]),
        (
            "data: {\"text\":\"caf\u{E9} \u{1F600}\"}\n\ndata: [DONE]\n\n",
            ["message|{\"text\":\"caf\u{E9} \u{1F600}\"}", "message|[DONE]"]
        ),
        ("data\n\n", ["message|"]),
        ("data: 1\n\ndata: unfinished\n", ["message|1"]),
        ("data: 1", []),
        ("Data: 1\n data: 2\ndatas: 3\n\n", []),
        ("", []),
        ("\n\n\r\r\n\n", []),
    ]

    private func read(_ pieces: [ArraySlice<UInt8>]) throws -> [String] {
        var parser = ServerSentEvents()
        return try pieces.flatMap { try parser.feed($0) }.map {
            "\($0.name)|\(String(decoding: $0.data, as: UTF8.self))"
        }
    }

    @Test(arguments: streams) func `a stream gives its events`(_ stream: String, _ events: [String]) throws {
        #expect(try read([Array(stream.utf8)[...]]) == events)
    }

    @Test(arguments: streams) func `any split gives the same events`(_ stream: String, _ events: [String]) throws {
        let bytes = Array(stream.utf8)
        for first in bytes.indices {
            for second in first..<bytes.count {
                #expect(try read([bytes[..<first], bytes[first..<second], bytes[second...]]) == events)
            }
        }
        #expect(try read(bytes.indices.map { bytes[$0...$0] }) == events)
    }

    @Test func `an event goes out with its line end`() throws {
        var parser = ServerSentEvents()
        #expect(try parser.feed(Array("data: 1\r\n\r".utf8)).count == 1)
        #expect(try parser.feed(Array("\ndata: 2\n".utf8)).isEmpty)
        #expect(try parser.feed([0x0A]).map(\.data) == [[0x32]])
    }

    @Test func `random bytes never trap, and their split does not matter`() throws {
        var random = SystemRandomNumberGenerator()
        let alphabet = Array("data: event:\r\n\r\n\u{FEFF}x".utf8) + [0, 0xFF]
        for _ in 0..<2_000 {
            let bytes = (0..<Int.random(in: 0..<80, using: &random)).compactMap { _ in alphabet.randomElement() }
            let whole = try read([bytes[...]])
            let cut = bytes.isEmpty ? 0 : Int.random(in: 0..<bytes.count, using: &random)
            #expect(try read([bytes[..<cut], bytes[cut...]]) == whole)
        }
    }

    @Test(arguments: ["data: 123456789\n", "data: 1234\ndata: 1234\n", "aaaaaaaaaaaaaaaa"])
    func `an event over the limit is a protocol error`(_ stream: String) {
        let error = #expect(throws: TransportError.self) {
            var parser = ServerSentEvents(byteLimit: 12)
            for byte in stream.utf8 { _ = try parser.feed([byte]) }
        }
        #expect(error?.code == .protocolError)
    }
}

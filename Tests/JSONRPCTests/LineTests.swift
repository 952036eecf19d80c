import Testing

@testable import JSONRPC

struct LineTests {
    @Test(arguments: [1, 2, 3, 7, 100])
    func `Lines do not depend on how the bytes arrive`(size: Int) {
        let bytes = Array("one\r\n\ntwo\nand the third\nrest".utf8)
        var splitter = LineSplitter(limit: 100)
        var pieces: [LineSplitter.Piece] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            pieces += splitter.feed(Array(bytes[start..<min(start + size, bytes.count)]))
        }
        #expect(pieces == ["one", "two", "and the third"].map { .line(Array($0.utf8)) })
    }

    @Test(arguments: [1000, 4096, 100_000])
    func `A line that is too long is dropped but for its ends, and the next one is read`(size: Int) {
        let long = Array(#"{"id":5,"result":""#.utf8) + [UInt8](repeating: 0x78, count: 50_000) + Array(#""}"#.utf8)
        let bytes = long + [0x0A] + Array("next\n".utf8)
        var splitter = LineSplitter(limit: 10_000)
        var pieces: [LineSplitter.Piece] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            pieces += splitter.feed(Array(bytes[start..<min(start + size, bytes.count)]))
        }
        let end = LineSplitter.endLength
        #expect(
            pieces == [
                .oversized(head: Array(long.prefix(end)), tail: Array(long.suffix(end)), byteCount: long.count),
                .line(Array("next".utf8)),
            ])
        #expect(RPCID.ofOversized(head: Array(long.prefix(end)), tail: Array(long.suffix(end))) == RPCID(5))
    }

    @Test(arguments: [
        (#"{"jsonrpc":"2.0","id":"a","result":{"x":"#, "…}", #""a""#),
        (#"{"result":{"id":9,"#, #"… "y"},"id": 12}"#, "12"),
        (#"{"result":{"id":9,"#, #"… "id":3}}"#, nil),
        (#"{"result":{"#, #"…"id":3,"z":1}"#, nil),
        ("no message", "at all", nil),
    ])
    func `The id of an answer that is too long is found where it can be no other`(
        head: String, tail: String, id: String?
    ) {
        #expect(RPCID.ofOversized(head: Array(head.utf8), tail: Array(tail.utf8))?.description == id)
    }
}

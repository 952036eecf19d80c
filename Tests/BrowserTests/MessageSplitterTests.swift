import Testing

@testable import Browser

@Suite struct MessageSplitterTests {
    @Test func `messages end with a NUL, however they are cut`() {
        let bytes = Array("one\0\0two\0three".utf8)
        for size in 1...bytes.count {
            var splitter = MessageSplitter()
            var messages: [String] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                messages += splitter.take(bytes[start..<min(start + size, bytes.count)])
                    .map { String(decoding: $0, as: UTF8.self) }
            }
            #expect(messages == ["one", "two"])
        }
    }

    @Test func `a message without end takes no more than its limit`() {
        var splitter = MessageSplitter()
        let piece = [UInt8](repeating: 1, count: 16 << 20)
        for _ in 0..<5 { #expect(splitter.take(piece).isEmpty) }
        #expect(splitter.take([1, 0, 2, 0]) == [[2]])
    }
}

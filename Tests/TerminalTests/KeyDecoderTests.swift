import TestSupport
import Testing

@testable import Terminal

@Suite struct KeyDecoderTests {
    @Test(arguments: [
        ("aG?", [Key.character("a"), .character("G"), .character("?")]), ("\u{1B}[A\u{1B}OB", [.up, .down]),
        ("\u{1B}[5~\u{1B}[6~", [.pageUp, .pageDown]), ("\r\n", [.enter, .enter]), ("\u{7F}", [.backspace]),
        ("\u{1B}[1;5C", []), ("\u{1B}[<0;12;7M", []), ("ä字", [.character("ä"), .character("字")]),
        ("\u{1}\u{3}", []), ("\u{1B}x", []), ("\u{1B}[200~add\rd\u{1B}[201~q", [.paste, .character("q")]),
        ("\u{C}", [.character("\u{C}")]),
    ])
    func `bytes are read as keys, whole or cut anywhere`(_ text: String, _ keys: [Key]) {
        var whole = KeyDecoder()
        #expect(whole.keys(from: text.utf8) == keys)
        var cut = KeyDecoder()
        #expect(text.utf8.flatMap { cut.keys(from: [$0]) } == keys)
    }

    @Test func `an escape byte alone is the escape key`() {
        var decoder = KeyDecoder()
        #expect(decoder.keys(from: [0x1B]) == [] && decoder.isAmbiguous)
        #expect(decoder.settle() == [.escape])
        #expect(decoder.keys(from: Array("q".utf8)) == [.character("q")])
    }

    @Test func `a paste that never ends is no key and takes no memory`() {
        var decoder = KeyDecoder()
        #expect(decoder.keys(from: Array("\u{1B}[200~".utf8)) == [])
        for _ in 0..<1_000 { #expect(decoder.keys(from: Array(repeating: UInt8(ascii: "d"), count: 1_000)) == []) }
        #expect(!decoder.isAmbiguous)
        #expect(decoder.keys(from: Array("\u{1B}[201~".utf8)) == [.paste])
    }

    @Test func `any bytes are taken without a trap`() {
        var random = SeededRandom(state: 11)
        var decoder = KeyDecoder()
        for _ in 0..<5_000 {
            _ = decoder.keys(from: (0..<9).map { _ in UInt8.random(in: 0...255, using: &random) } + [0x1B, 0x5B])
            if Bool.random(using: &random) { _ = decoder.settle() }
        }
    }
}

import TestSupport
import Testing

@testable import Terminal

@Suite struct WordDiffTests {
    /// Both lines with what differs in brackets.
    private func marked(_ old: String, _ new: String) -> [String]? {
        WordDiff(old: Array(old.utf8), new: Array(new.utf8)).map { [bracketed(old, $0.old), bracketed(new, $0.new)] }
    }

    private func bracketed(_ text: String, _ ranges: [Range<Int>]) -> String {
        var (bytes, result) = (Array(text.utf8), [UInt8]())
        for range in ranges.reversed() {
            result = Array("[".utf8) + bytes[range] + Array("]".utf8) + bytes[range.upperBound...] + result
            bytes.removeSubrange(range.lowerBound...)
        }
        return String(decoding: bytes + result, as: UTF8.self)
    }

    @Test(arguments: [
        ("return x + 1", "return y + 1", "return [x] + 1", "return [y] + 1"),
        ("foo(a, b)", "foo(a, b, c)", "foo(a, b)", "foo(a, b[, c])"),
        ("let name = getName()", "let name = getFullName()", "let name = [getName]()", "let name = [getFullName]()"),
        ("if a && b {", "if a {", "if a [&& b ]{", "if a {"),
        ("    x = 1", "        x = 1", "    x = 1", "    [    ]x = 1"),
        ("\tx = 1", "    x = 1", "[\t]x = 1", "[    ]x = 1"),
        ("x = 1  ", "x = 1", "x = 1[  ]", "x = 1"),
        ("one two three four", "one alpha beta four", "one [two three] four", "one [alpha beta] four"),
        ("let größe = 1", "let große = 1", "let [größe] = 1", "let [große] = 1"),
        ("文字を読む", "文字を書く", "文字を[読む]", "文字を[書く]"),
        ("say 👍🏽 now please", "say 👍🏿 now please", "say [👍🏽] now please", "say [👍🏿] now please"),
        ("say 👩‍💻 now please", "say 👩‍🚀 now please", "say [👩‍💻] now please", "say [👩‍🚀] now please"),
        ("", "", "", ""),
        ("same", "same", "same", "same"),
        ("}", "} else {", "}", "}[ else {]"),
    ])
    func `words that differ are marked`(_ old: String, _ new: String, _ oldMarks: String, _ newMarks: String) {
        #expect(marked(old, new) == [oldMarks, newMarks])
    }

    @Test(arguments: [
        ("let a = 1", "print(\"hello\")"), ("", "something"), ("return None", "raise ValueError(message, code)"),
        (String(repeating: "a b ", count: 5_000), String(repeating: "a b ", count: 5_000) + "c"),
    ])
    func `lines with little in common and huge ones are not marked`(_ old: String, _ new: String) {
        #expect(marked(old, new) == nil)
    }

    @Test func `a line of thousands of other words ends soon and without marks`() {
        let old = (0..<3_000).map { "a\($0)" }.joined(separator: ",")
        let new = (0..<3_000).map { "b\($0)" }.joined(separator: ",")
        #expect(marked(old, new) == nil)
    }

    @Test func `tokens cover any bytes, and ranges rebuild the lines`() {
        var random = SeededRandom(state: 7)
        for _ in 0..<2_000 {
            let old = random.line()
            let new = Bool.random(using: &random) ? random.line() : random.edited(old)
            let tokens = DiffToken.tokens(of: old)
            #expect(tokens.flatMap { old[$0.range] } == old)
            #expect(tokens.allSatisfy { !$0.range.isEmpty })
            guard let diff = WordDiff(old: old, new: new) else { continue }
            #expect(kept(old, diff.old) == kept(new, diff.new), "\(old) \(new)")
            #expect(isOrdered(diff.old, within: old.count) && isOrdered(diff.new, within: new.count))
        }
    }

    /// What is not marked, without the spaces, which are marked between two words that are.
    private func kept(_ line: [UInt8], _ ranges: [Range<Int>]) -> [UInt8] {
        line.indices.filter { index in !ranges.contains { $0.contains(index) } }.map { line[$0] }
            .filter { $0 != 0x20 && $0 != 0x09 }
    }

    private func isOrdered(_ ranges: [Range<Int>], within count: Int) -> Bool {
        zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound }
            && ranges.allSatisfy { !$0.isEmpty && $0.lowerBound >= 0 && $0.upperBound <= count }
    }

    @Test(arguments: [
        (["a = 1", "b = 2"], ["a = 10", "b = 20"], [0: 0, 1: 1]),
        (["call(first, second)"], ["// a remark", "call(first, third)"], [0: 1]),
        (["old line gone", "keep(this, one)"], ["keep(this, other)"], [1: 0]),
        (["alpha beta"], ["one two", "three four"], [:]),
        ([], ["x"], [:]),
    ])
    func `a removed line is paired with the added line that is most alike`(
        _ removed: [String], _ added: [String], _ expected: [Int: Int]
    ) {
        let pairs = LinePairing.pairs(removed: removed.map { Array($0.utf8) }, added: added.map { Array($0.utf8) })
        #expect(Dictionary(uniqueKeysWithValues: pairs.map { ($0.removed, $0.added) }) == expected)
    }

    @Test func `large blocks are paired by position`() {
        let removed = (0..<500).map { Array("value \($0) = old".utf8) }
        let added = (0..<400).map { Array("value \($0) = new".utf8) }
        #expect(LinePairing.pairs(removed: removed, added: added).map(\.added) == Array(0..<400))
    }
}

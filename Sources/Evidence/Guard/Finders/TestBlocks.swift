/// The lines of a text that belong to tests, wherever the file lies.
struct TestBlocks {
    /// The positions of all lines of tests, with the marks before them.
    let lines: Set<Int>

    init(_ text: SourceText) {
        var found: Set<Int> = []
        for (index, line) in text.lines.enumerated() where Self.opens(line.codeText, text.language) {
            let end = Self.end(of: index, in: text)
            found.formUnion(index...max(index, end))
        }
        lines = found
    }

    private static func opens(_ code: String, _ language: SourceLanguage) -> Bool {
        switch language {
        case .rust:
            code.hasPrefix("#[")
                && [
                    "cfg(test", "cfg(all(test", "cfg(any(test", "[test", "::test", "[rstest", "[test_case",
                    "[quickcheck",
                ]
                .contains { code.contains($0) }
        case .python: code.hasPrefix("def test") || code.hasPrefix("async def test") || code.hasPrefix("class Test")
        case .java: code.hasPrefix("@Test") || code.hasPrefix("@ParameterizedTest")
        case .csharp: ["[Fact", "[Test", "[Theory", "[TestMethod"].contains { code.hasPrefix($0) }
        case .swift: code.hasPrefix("@Test") || code.hasPrefix("func test")
        case .c:
            ["TEST(", "TEST_F(", "TEST_P(", "TEST_CASE(", "BOOST_AUTO_TEST_CASE(", "START_TEST("].contains {
                code.hasPrefix($0)
            }
        case .javascript:
            ["it(", "test(", "describe(", "if (import.meta.vitest"].contains { code.hasPrefix($0) }
        case .go: code.hasPrefix("func Test") || code.hasPrefix("func Example")
        case .zig: code.hasPrefix("test ")
        case .d: code.hasPrefix("unittest")
        case .ruby: code.hasPrefix("def test_") || code.hasPrefix("it ") || code.hasPrefix("describe ")
        case .php: code.contains("function test")
        default: false
        }
    }

    /// The last line of the block that begins at a line or behind the marks there.
    private static func end(of start: Int, in text: SourceText) -> Int {
        let lines = text.lines
        if text.language == .python || text.language == .ruby {
            var last = start
            for position in lines.indices.dropFirst(start + 1) where !lines[position].trimmed.isEmpty {
                guard lines[position].indent > lines[start].indent || lines[position].isInString else { break }
                last = position
            }
            return last
        }
        var depth = 0
        var isOpen = false
        for position in lines.indices.dropFirst(start) {
            for byte in lines[position].code {
                switch byte {
                case UInt8(ascii: "{"): (depth, isOpen) = (depth + 1, true)
                case UInt8(ascii: "}"): depth -= 1
                // `mod tests;` ends without a block.
                case UInt8(ascii: ";") where !isOpen && text.language == .rust: return position
                default: break
                }
            }
            if isOpen, depth <= 0 { return position }
        }
        return lines.indices.last ?? start
    }
}

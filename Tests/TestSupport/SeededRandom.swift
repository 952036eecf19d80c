/// Random lines that are the same in every run (xorshift).
package struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    /// Begins a sequence; the state must not be zero.
    package init(state: UInt64) {
        self.state = state
    }

    /// The next number.
    package mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    /// Words, spaces, signs, and bytes that are no UTF-8.
    package mutating func line() -> [UInt8] {
        let parts: [[UInt8]] =
            ["foo", "bar", " ", "  ", "\t", "(", ")", "ä", "字", "👩‍💻", "\u{301}", "\u{200D}", "\u{202E}", "x1"].map {
                Array($0.utf8)
            } + [[0xFF], [0xE4], [0xF0, 0x9F], [0x00], [0x1B], [0xC0, 0x80], [0xED, 0xA0, 0x80]]
        return (0..<Int.random(in: 0..<14, using: &self)).flatMap { _ in parts.randomElement(using: &self) ?? [] }
    }

    /// The line with something put into it.
    package mutating func edited(_ line: [UInt8]) -> [UInt8] {
        let place = Int.random(in: 0...line.count, using: &self)
        return Array(line[..<place]) + self.line() + Array(line[place...])
    }
}

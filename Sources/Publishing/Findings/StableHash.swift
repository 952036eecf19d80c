/// A sum of texts that is the same on every machine and in every version (FNV-1a, twice): a name, no protection.
enum StableHash {
    /// The sum of some texts in order, 32 hexadecimal digits.
    static func hex(_ parts: [String]) -> String {
        digits(sum(parts, 0xCBF2_9CE4_8422_2325)) + digits(sum(parts.reversed(), 0x9E37_79B9_7F4A_7C15))
    }

    private static func sum(_ parts: [String], _ start: UInt64) -> UInt64 {
        var sum = start
        for part in parts {
            // No text has this byte, so that parts cannot run into each other.
            for byte in Array(part.utf8) + [0xFF] { sum = (sum ^ UInt64(byte)) &* 0x100_0000_01B3 }
        }
        return sum
    }

    private static func digits(_ sum: UInt64) -> String {
        let text = String(sum, radix: 16)
        return String(repeating: "0", count: 16 - text.utf8.count) + text
    }
}

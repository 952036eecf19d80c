/// Makes identifiers that look like the API's and are unique in one session.
struct IdentifierMint {
    private let seed: UInt64
    private var serial: UInt64 = 0

    init(seed: UInt64) {
        self.seed = seed
    }

    /// A new identifier such as `resp_…`, always 48 hexadecimal digits behind the prefix.
    mutating func next(_ prefix: String) -> String { "\(prefix)_\(digits(48))" }

    /// A new call id.
    mutating func nextCall() -> String { "call_\(digits(24))" }

    /// A new opaque text, as encrypted content is.
    mutating func nextOpaque(_ purpose: String) -> String { "gAAAAAB\(purpose)-\(digits(96))" }

    private mutating func digits(_ count: Int) -> String {
        serial += 1
        var text = Self.hex(serial, width: 12)
        var state = seed ^ serial &* 0x9e37_79b9_7f4a_7c15
        while text.count < count {
            // splitmix64
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            text += Self.hex(mixed ^ (mixed >> 31), width: 16)
        }
        return String(text.prefix(count))
    }

    private static func hex(_ value: UInt64, width: Int) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

/// Keeps what others have written from being obeyed by GitHub's runner, which reads all that a step prints.
///
/// It obeys a line that begins with `::`, white space before it or not, and `##[name]` wherever it stands, with which a
/// model could set the outputs of a step. A space of no width takes the meaning from both; in a line of JSON, where only
/// the second can be, an escape that says the same does.
public struct WorkflowGuard: Sendable {
    private enum Place {
        /// Nothing but white space has come of the line, or what may be some.
        case start
        /// One colon has come behind it.
        case colon
        case inside
    }

    private var place = Place.start
    private var hashCount = 0
    private var isJSON = false

    /// Begins at the start of a line.
    public init() {}

    /// Whether what comes next is at the start of a line, or behind white space there.
    public var isAtStart: Bool { place == .start }

    /// The bytes as they can be shown; a line may come in pieces.
    public mutating func guarded(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for byte in bytes {
            if byte == UInt8(ascii: "["), hashCount >= 2 {
                result += isJSON ? Array("\\u005b".utf8) : Self.blank + [byte]
            } else {
                if byte == UInt8(ascii: ":"), place == .colon { result += Self.blank }
                result.append(byte)
            }
            hashCount = byte == UInt8(ascii: "#") ? hashCount + 1 : 0
            advance(byte)
        }
        return result
    }

    private mutating func advance(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\n"), UInt8(ascii: "\r"): (place, isJSON) = (.start, false)
        case UInt8(ascii: ":") where place == .start: place = .colon
        // Unicode has spaces of its own, and the runner passes over them.
        case 0x09...0x20 where place == .start, 0x80... where place == .start: break
        default:
            if place == .start, byte == UInt8(ascii: "{") { isJSON = true }
            place = .inside
        }
    }

    /// U+200B.
    private static let blank: [UInt8] = [0xE2, 0x80, 0x8B]
}

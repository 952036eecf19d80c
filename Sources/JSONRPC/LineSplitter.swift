/// Splits bytes into lines of a limited length, as they arrive in pieces of any size.
public struct LineSplitter: Sendable {
    /// What came.
    public enum Piece: Sendable, Equatable {
        /// A line without its end; empty ones are left out.
        case line([UInt8])
        /// A line that is too long: its first and last bytes, and its length. The rest was dropped as it came.
        case oversized(head: [UInt8], tail: [UInt8], byteCount: Int)
    }

    /// The bytes kept of each end of a line that is too long.
    static let endLength = 1024

    private let limit: Int
    private var line: [UInt8] = []
    /// The last bytes of a line that is too long, and its length so far.
    private var tail: [UInt8] = []
    private var dropped = 0

    /// Starts before the first byte; a line may hold `limit` bytes.
    public init(limit: Int) { self.limit = limit }

    /// The length of the line that goes on, if it is too long already; else 0.
    public var droppedBytes: Int { dropped }

    /// Takes the next bytes and returns what they complete.
    public mutating func feed(_ bytes: [UInt8]) -> [Piece] {
        var pieces: [Piece] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            keep(rest[..<end])
            if let piece = endLine() { pieces.append(piece) }
            rest = rest[(end + 1)...]
        }
        keep(rest)
        return pieces
    }

    private mutating func keep(_ bytes: ArraySlice<UInt8>) {
        if dropped == 0, line.count + bytes.count <= limit {
            line += bytes
            return
        }
        if dropped == 0 {
            dropped = line.count
            tail = Array(line.suffix(Self.endLength))
            line = Array((line + bytes.prefix(Self.endLength)).prefix(Self.endLength))
        }
        dropped += bytes.count
        tail = Array((tail + bytes.suffix(Self.endLength)).suffix(Self.endLength))
    }

    private mutating func endLine() -> Piece? {
        defer { (line, tail, dropped) = ([], [], 0) }
        if dropped > 0 { return .oversized(head: line, tail: tail, byteCount: dropped) }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return line.isEmpty ? nil : .line(line)
    }
}

import Text

/// A position in a text of valid UTF-8, and the steps that all of the syntax shares.
///
/// Each step reads a byte a fixed number of times, so that parsing takes linear time.
struct TOMLParser {
    /// How deep keys and values may be nested; small enough for any stack.
    static let depthLimit = 128

    let bytes: [UInt8]
    var offset = 0
    private var lineCounter = LineCounter()

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var current: UInt8? { byte(ahead: 0) }

    func byte(ahead distance: Int) -> UInt8? {
        offset + distance < bytes.count ? bytes[offset + distance] : nil
    }

    /// Steps over a character if it is the next.
    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard current == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    mutating func skipBlanks() {
        while current == .space || current == .tab { offset += 1 }
    }

    /// Steps over the end of a line, if it is here: a line feed, with or without a carriage return.
    mutating func skipLineEnd() -> Bool {
        let length = current == .lineFeed ? 1 : current == .carriageReturn && byte(ahead: 1) == .lineFeed ? 2 : 0
        offset += length
        return length > 0
    }

    /// Steps over blanks and a comment, to the end of the line.
    mutating func skipComment() throws(TOMLError) {
        skipBlanks()
        guard current == UInt8(ascii: "#") else { return }
        while let byte = current, byte != .lineFeed, !(byte == .carriageReturn && self.byte(ahead: 1) == .lineFeed) {
            guard !byte.isControl else { throw expected("a comment without control characters") }
            offset += 1
        }
    }

    /// Steps over blanks, comments and ends of lines, as they may stand between the values of an array.
    mutating func skipLines() throws(TOMLError) {
        repeat { try skipComment() } while skipLineEnd()
    }

    /// The line of the position; each call counts on from the last one.
    mutating func line() -> Int { lineCounter.line(of: offset, in: bytes) }
}

extension TOMLParser {
    /// The error that something else is expected here.
    func expected(_ what: String) -> TOMLError { wrong("expected \(what), found \(found)") }

    /// An error at this place or another one.
    func wrong(_ problem: String, at place: Int? = nil) -> TOMLError {
        TOMLError(problem, at: place ?? offset, in: bytes)
    }

    /// What stands here, for a message.
    private var found: String {
        guard let byte = current else { return "the end of the text" }
        if byte == .lineFeed || (byte == .carriageReturn && self.byte(ahead: 1) == .lineFeed) {
            return "the end of the line"
        }
        let character = String(decoding: bytes[offset...].prefix(4), as: UTF8.self).prefix(1)
        guard let scalar = character.unicodeScalars.first, scalar.effect != nil else { return character.named }
        return scalar.codePoint
    }
}

/// Counts lines on the way through a text.
private struct LineCounter {
    var line = 1
    var offset = 0

    mutating func line(of place: Int, in bytes: [UInt8]) -> Int {
        while offset < place {
            if bytes[offset] == .lineFeed { line += 1 }
            offset += 1
        }
        return line
    }
}

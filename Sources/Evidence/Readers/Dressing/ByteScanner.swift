/// Goes over the beginning of a line.
struct ByteScanner {
    /// What has not been passed over.
    var rest: ArraySlice<UInt8>

    init(_ line: ArraySlice<UInt8>) { rest = line }

    /// Passes over a text that stands there; false if it does not.
    mutating func skip(_ text: StaticString) -> Bool {
        let found = text.withUTF8Buffer { rest.starts(with: $0) }
        if found { rest = rest.dropFirst(text.utf8CodeUnitCount) }
        return found
    }

    /// Passes over bytes that may stand there.
    mutating func skip(_ bytes: [UInt8]) {
        if rest.starts(with: bytes) { rest = rest.dropFirst(bytes.count) }
    }

    /// Passes over any byte.
    mutating func skipOne() -> Bool { rest.popFirst() != nil }

    /// Passes over one blank; an empty rest will do too, as ends of lines are often trimmed.
    mutating func skipSpace() -> Bool { rest.isEmpty || skip(" ") }

    /// Passes over any number of blanks.
    mutating func skipSpaces() { rest = rest.drop { $0 == 0x20 } }

    /// Passes over as many digits as there are, if their number is one of these.
    mutating func skipDigits(_ counts: some RangeExpression<Int>) -> Bool {
        let digits = rest.prefix { Self.digits.contains($0) }
        guard counts.contains(digits.count) else { return false }
        rest = rest[digits.endIndex...]
        return true
    }

    /// The digits that stand there; empty if there are none.
    mutating func number() -> ArraySlice<UInt8> {
        let digits = rest.prefix { Self.digits.contains($0) }
        rest = rest[digits.endIndex...]
        return digits
    }

    /// Passes over `2024-05-01T12:34:56.123Z`, with a blank for the `T` and an offset for the `Z`.
    mutating func skipTime() -> Bool {
        guard skipDigits(4...4), skip("-"), skipDigits(2...2), skip("-"), skipDigits(2...2), skip("T") || skip(" "),
            skipClock()
        else { return false }
        if skip("Z") { return true }
        let before = rest
        guard skip("+") || skip("-"), skipDigits(2...4) else {
            rest = before
            return true
        }
        if skip(":") { _ = skipDigits(2...2) }
        return true
    }

    /// Passes over `12:34:56`, with any fraction of a second.
    mutating func skipClock() -> Bool {
        guard skipDigits(2...2), skip(":"), skipDigits(2...2), skip(":"), skipDigits(2...2) else { return false }
        let before = rest
        if skip(".") || skip(","), !skipDigits(1...9) { rest = before }
        return true
    }

    /// The last byte of a stamp of GitLab: a blank, or a plus.
    mutating func gitLabMark() -> UInt8? {
        guard skipTime(), skip(" "), rest.count >= 3 else { return nil }
        let stream = rest.prefix(3)
        guard stream.dropLast().allSatisfy({ Self.hexadecimal.contains($0) }),
            stream.last == UInt8(ascii: "O") || stream.last == UInt8(ascii: "E")
        else { return nil }
        rest = rest.dropFirst(3)
        // An empty line may have been trimmed.
        return rest.popFirst() ?? 0x20
    }

    private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    private static let hexadecimal = Set("0123456789abcdef".utf8)
}

/// A date, a time or both, as it is written.
///
/// The fields are in range and the day exists in its month; a second may be 60.
public struct TOMLDateTime: Sendable, Hashable, CustomStringConvertible {
    /// The four kinds of TOML.
    public enum Kind: String, Sendable {
        /// A date and a time with an offset from UTC.
        case offsetDateTime = "offset date-time"
        /// A date and a time without an offset.
        case localDateTime = "local date-time"
        /// A date alone.
        case localDate = "local date"
        /// A time alone.
        case localTime = "local time"
    }

    /// The kind.
    public let kind: Kind
    /// The text as it stands in the file.
    public let description: String
}

extension TOMLDateTime {
    /// Reads `1979-05-27T07:32:00.5-08:00` or the parts of it that make a kind (RFC 3339, section 5.6); nil for
    /// anything else.
    ///
    /// A space or a small `t` may stand for the `T`, and a small `z` for the `Z`.
    init?(_ text: some Collection<UInt8>) {
        var fields = FieldReader(rest: Array(text)[...])
        let isDate = fields.rest.count > 4 && fields.rest[4] == UInt8(ascii: "-")
        if isDate {
            guard fields.readDate() else { return nil }
            if fields.rest.isEmpty {
                self.init(kind: .localDate, description: String(decoding: text, as: UTF8.self))
                return
            }
            guard fields.skip("T") || fields.skip("t") || fields.skip(" ") else { return nil }
        }
        guard fields.readTime() else { return nil }
        let isLocal = fields.rest.isEmpty
        guard isLocal || (isDate && fields.readOffset() && fields.rest.isEmpty) else { return nil }
        let kind: Kind = !isDate ? .localTime : isLocal ? .localDateTime : .offsetDateTime
        self.init(kind: kind, description: String(decoding: text, as: UTF8.self))
    }
}

/// Takes fields of a fixed width off a text.
private struct FieldReader {
    var rest: ArraySlice<UInt8>

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    mutating func number(_ width: Int, upTo largest: Int) -> Int? {
        guard rest.count >= width, rest.prefix(width).allSatisfy(\.isDigit) else { return nil }
        let number = rest.prefix(width).reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        rest.removeFirst(width)
        return number <= largest ? number : nil
    }

    mutating func readDate() -> Bool {
        guard let year = number(4, upTo: 9999), skip("-"), let month = number(2, upTo: 12), month > 0, skip("-"),
            let day = number(2, upTo: 31), day > 0
        else { return false }
        let isLeapYear = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        switch month {
        case 2: return day <= (isLeapYear ? 29 : 28)
        case 4, 6, 9, 11: return day <= 30
        default: return true
        }
    }

    mutating func readTime() -> Bool {
        guard number(2, upTo: 23) != nil, skip(":"), number(2, upTo: 59) != nil, skip(":"), number(2, upTo: 60) != nil
        else { return false }
        guard skip(".") else { return true }
        let fraction = rest.prefix(while: \.isDigit)
        rest.removeFirst(fraction.count)
        return !fraction.isEmpty
    }

    mutating func readOffset() -> Bool {
        if skip("Z") || skip("z") { return true }
        guard skip("+") || skip("-") else { return false }
        return number(2, upTo: 23) != nil && skip(":") && number(2, upTo: 59) != nil
    }
}

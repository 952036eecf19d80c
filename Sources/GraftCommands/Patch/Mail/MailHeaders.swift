import Glibc

/// Who a mail is from.
struct MailAddress {
    /// The person's name; the address where none is given.
    let name: String
    /// The address.
    let email: String

    /// Reads `Name <address>`, `"Name, the" <address>`, `address (Name)` or an address alone.
    init?(_ text: String) {
        let email: Substring
        var name: Substring
        if let open = text.lastIndex(of: "<"), let close = text[open...].firstIndex(of: ">") {
            email = text[text.index(after: open)..<close]
            name = text[..<open]
        } else {
            let words = text.split(separator: " ", maxSplits: 1)
            email = words.first ?? ""
            name = (words.dropFirst().first ?? "").drop { $0 == "(" }
            if name.last == ")" { name.removeLast() }
        }
        var plain = ""
        var isEscaped = false
        for character in name {
            if character == "\\", !isEscaped {
                isEscaped = true
                continue
            }
            if character != "\"" || isEscaped { plain.append(character) }
            isEscaped = false
        }
        plain = plain.filter { $0 != "<" && $0 != ">" }.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard email.contains("@"), !email.contains(where: \.isWhitespace), !email.contains("<") else { return nil }
        self.email = String(email)
        self.name = plain.isEmpty ? self.email : plain
    }
}

/// When a mail was written.
struct MailDate {
    /// Seconds since 1970, UTC.
    let seconds: Int64
    /// Minutes east of UTC.
    let offsetMinutes: Int32

    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]

    /// Reads `Sat, 21 Nov 2026 10:02:48 +0100` (RFC 5322); the name of the day may be missing.
    init?(_ text: String) {
        var words = text.split { $0.isWhitespace || $0 == "," }[...]
        if words.first?.first?.isLetter == true { words.removeFirst() }
        guard words.count >= 5 else { return nil }
        let fields = Array(words)
        let clock = fields[3].split(separator: ":").map { Int32($0) }
        guard let day = Int32(fields[0]), (1...31).contains(day),
            let month = Self.months.firstIndex(of: fields[1].prefix(3).lowercased()),
            let year = Int32(fields[2]), (1970...9999).contains(year), (2...3).contains(clock.count),
            let hour = clock[0], (0...23).contains(hour), let minute = clock[1], (0...59).contains(minute),
            let second = clock.count == 3 ? clock[2] : 0, (0...60).contains(second),
            let zone = Self.zone(fields[4])
        else { return nil }
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (year - 1900, Int32(month), day)
        (parts.tm_hour, parts.tm_min, parts.tm_sec) = (hour, minute, second)
        seconds = Int64(timegm(&parts)) - Int64(zone) * 60
        offsetMinutes = zone
    }

    private static func zone(_ text: Substring) -> Int32? {
        if ["GMT", "UTC", "Z"].contains(text) { return 0 }
        guard let sign = text.first, sign == "+" || sign == "-", text.count == 5,
            let digits = Int32(text.dropFirst()), digits >= 0, digits % 100 < 60, digits / 100 <= 14
        else { return nil }
        return (sign == "-" ? -1 : 1) * (digits / 100 * 60 + digits % 100)
    }
}

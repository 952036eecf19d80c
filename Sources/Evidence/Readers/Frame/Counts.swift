/// A list of counts in a summary, `1 failed, 2 passed` or `Failures: 1, Errors: 2`.
struct Counts {
    private var counts: [Substring: Int] = [:]

    /// Reads counts before their labels; nil where a part is no count.
    init?(_ list: Substring, separator: UInt8 = 0x2C) {
        for part in list.utf8.split(separator: separator) {
            guard let (number, label) = Substring(part).trimmed.leadingNumber else { return nil }
            counts[label.trimmed] = number
        }
        if counts.isEmpty { return nil }
    }

    /// Reads counts after their labels and a colon; nil where a part is none.
    init?(labelled list: Substring) {
        for part in list.utf8.split(separator: 0x2C) {
            guard let (label, number) = Substring(part).cut(":"), let count = Int(number.trimmed) else { return nil }
            counts[label.trimmed] = count
        }
        if counts.isEmpty { return nil }
    }

    /// A count by its label; nil if the list does not tell it.
    subscript(label: Substring) -> Int? { counts[label] }
}

extension Substring {
    /// The text without a duration in parentheses at its end, ` (12 ms)` or ` (1.2s)`.
    var withoutDuration: Substring {
        guard let (before, after) = cutLast(" ("), let inside = after.before(")"), inside.ends(with: "s"),
            let first = inside.utf8.first, first >= 0x30, first <= 0x39
        else { return self }
        return before
    }
}

/// What a server says in headers about trying again (Responses API, "Rate limits"; RFC 9110, 10.2.3).
public struct RetryHints: Sendable, Equatable {
    /// How long to wait; nil if nothing says so.
    public var wait: Duration?
    /// Whether trying again makes sense; nil if the server leaves it open.
    public var shouldRetry: Bool?

    /// Reads headers.
    ///
    /// - Parameter header: Returns a header by its name in lower case.
    public init(_ header: (String) -> String?) {
        shouldRetry = header("x-should-retry").flatMap { Bool($0.lowercased()) }
        wait = Self.wait(header)
    }

    private static func wait(_ header: (String) -> String?) -> Duration? {
        if let number = header("retry-after-ms").flatMap(Double.init) { return duration(number / 1000) }
        if let text = header("retry-after") {
            if let number = Double(text) { return duration(number) }
            // The server's own clock says when it speaks: ours may be wrong.
            if let end = HTTPDate.seconds(text), let now = header("date").flatMap(HTTPDate.seconds) {
                return duration(Double(end - now))
            }
        }
        // What is used up comes back after its reset.
        let resets = ["requests", "tokens"].compactMap { kind -> Duration? in
            guard header("x-ratelimit-remaining-\(kind)").flatMap(Double.init) == 0 else { return nil }
            return header("x-ratelimit-reset-\(kind)").flatMap(Self.spelled)
        }
        return resets.max()
    }

    /// Seconds as a duration; nil where no sane wait is meant.
    private static func duration(_ seconds: Double) -> Duration? {
        guard seconds.isFinite, seconds < 1e9 else { return nil }
        return .seconds(max(seconds, 0))
    }

    /// Reads a duration such as `1s`, `6m0s` or `20ms`.
    private static func spelled(_ text: String) -> Duration? {
        var rest = text[...]
        var total = 0.0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isNumber || $0 == "." }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(unit.count)
            let factors = ["ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400]
            guard let number = Double(digits), let factor = factors[String(unit)] else { return nil }
            total += number * factor
        }
        return text.isEmpty ? nil : duration(total)
    }
}

/// Dates in HTTP headers, such as `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7).
private enum HTTPDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The seconds since 1970; nil for another form.
    static func seconds(_ text: String) -> Int? {
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT", let day = Int(words[1]), let year = Int(words[3]),
            let month = months.firstIndex(of: String(words[2])), (1...31).contains(day), (1970...9999).contains(year)
        else { return nil }
        let time = words[4].split(separator: ":").compactMap { Int($0) }
        guard time.count == 3, (0..<24).contains(time[0]), (0..<60).contains(time[1]), (0...60).contains(time[2]) else {
            return nil
        }
        // Days from the civil calendar, counted in years that begin in March.
        let shifted = month < 2 ? year - 1 : year
        let dayOfYear = (153 * ((month + 10) % 12) + 2) / 5 + day - 1
        let days = 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
        return ((days * 24 + time[0]) * 60 + time[1]) * 60 + time[2]
    }
}

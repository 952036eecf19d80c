/// The mail that a patch came in: what `git format-patch` writes above a diff, read as git-mailinfo(1) does.
struct PatchMail {
    /// Who made the change.
    private(set) var author: MailAddress?
    /// When it was made.
    private(set) var date: MailDate?
    /// The subject without `[PATCH]` and `Re:`.
    private(set) var subject = ""
    /// What the mail says below the headers, up to `---` or the diff.
    private(set) var body = ""
    /// The transfer encoding, if there is one: `quoted-printable` or `base64`.
    private(set) var encoding: String?
    /// Whether the text is only one part of several, as with `git format-patch --attach`.
    private(set) var isMultipart = false

    /// How many mails a mailbox holds; 0 if the text is not a mailbox.
    static func count(in text: [UInt8]) -> Int {
        text.split(separator: 0x0A).count(where: beginsMail)
    }

    /// Whether a line begins a mail in a mailbox.
    static func beginsMail(_ line: ArraySlice<UInt8>) -> Bool {
        guard line.starts(with: "From ".utf8) else { return false }
        let id = line.dropFirst(5).prefix { $0 != 0x20 }
        return [40, 64].contains(id.count) && id.allSatisfy(\.isHexDigit)
    }

    /// Reads the first mail of a text; nil if it does not begin with headers of one.
    init?(_ text: [UInt8]) {
        var lines = Self.lines(text)[...]
        lines = lines.drop { $0.allSatisfy(\.isWhitespace) }
        if lines.first?.hasPrefix("From ") == true { lines.removeFirst() }
        let headers = Self.takeHeaders(from: &lines)
        guard headers["from"] != nil || headers["subject"] != nil else { return nil }
        read(headers)
        let way = headers["content-transfer-encoding"]?.lowercased() ?? ""
        encoding = ["quoted-printable", "base64"].first { way.contains($0) }
        isMultipart = headers["content-type"]?.lowercased().hasPrefix("multipart/") == true
        lines = lines.drop { $0.allSatisfy(\.isWhitespace) }
        // The body names the author if somebody else sent the mail.
        var rest = lines
        let inner = Self.takeHeaders(from: &rest)
        if !inner.isEmpty, inner.keys.allSatisfy(["from", "date", "subject"].contains) {
            read(inner)
            lines = rest
            // An empty subject there says that the message stands whole below.
            if inner["subject"]?.isEmpty == true {
                let paragraph = lines.prefix { !$0.allSatisfy(\.isWhitespace) }
                subject = paragraph.joined(separator: "\n")
                lines = lines[paragraph.endIndex...]
            }
        }
        body = Self.body(of: lines)
    }

    private mutating func read(_ headers: [String: String]) {
        if let from = headers["from"] { author = MailAddress(from) ?? author }
        if let text = headers["date"] { date = MailDate(text) ?? date }
        if let text = headers["subject"] { subject = Self.cleaned(text) }
    }

    /// The lines above the diff.
    private static func lines(_ text: [UInt8]) -> [String] {
        var lines: [String] = []
        for line in text.split(separator: 0x0A, omittingEmptySubsequences: false) {
            if line.starts(with: "diff -".utf8) { break }
            let bytes = line.last == 0x0D ? line.dropLast() : line
            // A line that is not UTF-8 is read as Latin-1.
            lines.append(
                String(validating: bytes, as: UTF8.self)
                    ?? String(String.UnicodeScalarView(bytes.map(Unicode.Scalar.init))))
        }
        return lines
    }

    /// Takes `Key: value` lines off the front, with the lines that go on with one, and the blank line behind them.
    private static func takeHeaders(from lines: inout ArraySlice<String>) -> [String: String] {
        var headers: [String: String] = [:]
        var last: String?
        while let line = lines.first {
            if line.first == " " || line.first == "\t", let key = last {
                headers[key, default: ""] += " " + line.drop(while: \.isWhitespace)
            } else if let colon = line.firstIndex(of: ":"), colon != line.startIndex,
                line[..<colon].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
            {
                let key = line[..<colon].lowercased()
                let value = String(line[line.index(after: colon)...].drop(while: \.isWhitespace))
                if headers[key] == nil { headers[key] = value }
                last = key
            } else {
                break
            }
            lines.removeFirst()
        }
        if lines.first?.allSatisfy(\.isWhitespace) == true, !headers.isEmpty { lines.removeFirst() }
        return headers.mapValues(EncodedWords.decoded)
    }

    private static func cleaned(_ subject: String) -> String {
        var rest = subject[...]
        while let first = rest.first {
            if first.isWhitespace || first == ":" {
                rest.removeFirst()
            } else if rest.prefix(3).lowercased() == "re:" {
                rest.removeFirst(3)
            } else if first == "[", let end = rest.firstIndex(of: "]") {
                rest = rest[rest.index(after: end)...]
            } else {
                break
            }
        }
        return rest.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// The text above the line that separates it from the diff, without white space at the ends of lines and with single
    /// empty lines.
    private static func body(of lines: ArraySlice<String>) -> String {
        var kept: [Substring] = []
        for line in lines {
            let line = line[..<(line.lastIndex { !$0.isWhitespace }.map(line.index(after:)) ?? line.startIndex)]
            if line == "---" || line.hasPrefix("--- ") || line.hasPrefix("Index: ") { break }
            if line.isEmpty, kept.last?.isEmpty ?? true { continue }
            kept.append(line)
        }
        if kept.last?.isEmpty == true { kept.removeLast() }
        return kept.joined(separator: "\n")
    }
}

extension UInt8 {
    fileprivate var isHexDigit: Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self)
    }
}

import CGit
import Glibc

/// A commit as a mail from which git-am(1) makes it again.
///
/// git-am cuts and cleans what it reads (git-mailinfo(1)): lines of a message that look like the head of a mail or the
/// beginning of a patch are indented by a space, a subject that would be changed is repeated in the body below an empty
/// `Subject:`, and carriage returns travel encoded.
struct CommitMail {
    private let commit: CommitRecord
    private let changes: ArraySlice<UInt8>
    /// The lines of the first paragraph.
    private let head: [[UInt8]]
    /// The lines below, without the empty ones between.
    private let body: [[UInt8]]

    /// - Parameter changes: Statistics and patch, as `git diff-tree --patch-with-stat` shows them.
    init(_ commit: CommitRecord, changes: ArraySlice<UInt8>) {
        self.commit = commit
        self.changes = changes
        let lines = commit.messageBytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
            Array(line[..<(line.lastIndex { !$0.isBlank }.map { $0 + 1 } ?? line.startIndex)])
        }
        let text = lines.drop(while: \.isEmpty)
        head = Array(text.prefix { !$0.isEmpty })
        body = Array(text.dropFirst(head.count).drop(while: \.isEmpty))
    }

    /// The mail, with the line that begins it in a mailbox.
    var bytes: [UInt8] {
        let content = content
        // git-am takes the carriage return off a line's end, and not all mail carries NUL.
        let isEncoded = content.contains(0) || content.hasLineEndingWithReturn
        let charset = commit.encoding ?? "UTF-8"
        let subject = MailHeader.encoded(shownSubject, charset: charset)
        var mail = Array("From \(commit.id.hex) Mon Sep 17 00:00:00 2001\n".utf8)
        mail += Array("From: \(sender)\nDate: \(date)\n".utf8)
        mail += MailHeader.folded("Subject: [PATCH]", subject)
        mail += Array(
            """
            MIME-Version: 1.0
            Content-Type: text/plain; charset=\(charset)
            Content-Transfer-Encoding: \(isEncoded ? "quoted-printable" : "8bit")


            """.utf8)
        return mail + (isEncoded ? QuotedPrintable.encoded(content) : content) + [0x0A]
    }

    private var content: [UInt8] {
        let isChanged = head.count > 1 || head.first.map { !Self.survives($0) } ?? false
        var lines: [[UInt8]] = []
        if isChanged {
            lines += [Array("Subject:".utf8), []] + head.map(Self.guarded)
            if !body.isEmpty { lines.append([]) }
        }
        lines += body.map(Self.guarded)
        if !isChanged, let first = lines.first, Self.looksLikeHeader(first) { lines[0] = [0x20] + first }
        lines += [Array("---".utf8)]
        return lines.flatMap { $0 + [0x0A] } + changes
    }

    /// The first line with single spaces, which people see in either case.
    private var shownSubject: [UInt8] {
        let words = (head.first ?? []).split { $0 <= 0x20 || $0 == 0x7F }
        return Array(words.joined(separator: [0x20]))
    }

    /// Whether git-am leaves a subject as it is: it takes off `[…]`, `Re:` and colons, and single-spaces the rest.
    private static func survives(_ line: [UInt8]) -> Bool {
        if line.starts(with: "[".utf8) || line.starts(with: ":".utf8) || line.hasPrefix("re:") { return false }
        if line.contains(where: { $0 < 0x20 || $0 == 0x7F }) || line.first == 0x20 { return false }
        return !zip(line, line.dropFirst()).contains { $0 == 0x20 && $1 == 0x20 }
    }

    /// A line of a message, indented where git-mailsplit(1) or git-mailinfo(1) would cut there.
    private static func guarded(_ line: [UInt8]) -> [UInt8] {
        let isCut =
            ["From ", "diff -", "Index: ", "--- "].contains { line.starts(with: $0.utf8) }
            || line.elementsEqual("---".utf8)
        return isCut ? [0x20] + line : line
    }

    /// Whether a line at the start of a body is read as part of the head.
    private static func looksLikeHeader(_ line: [UInt8]) -> Bool {
        ["from:", "date:", "subject:", ">from", "[patch]"].contains(where: line.hasPrefix)
    }

    private var sender: String {
        let name = commit.author.name
        let isPlain = name.unicodeScalars.allSatisfy { $0.isASCII && ($0.properties.isAlphabetic || $0 == " ") }
        var phrase = name
        if !isPlain {
            // Quotes and parentheses are read as such also where they were encoded.
            if name.utf8.contains(where: { "\"\\(),:;<>@[].".utf8.contains($0) }) {
                phrase = "\"" + name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
            }
            if name.utf8.contains(where: { $0 < 0x20 || $0 >= 0x7F }) || name.contains("=?") {
                let words = MailHeader.encoded(Array(phrase.utf8), charset: "UTF-8")
                phrase = words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n ")
            }
        }
        return "\(phrase) <\(commit.author.email)>"
    }

    /// The author's time in the author's zone (RFC 5322).
    private var date: String {
        let offset = Int(commit.author.offsetMinutes)
        var (time, parts) = (time_t(commit.author.seconds) + offset * 60, tm())
        gmtime_r(&time, &parts)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let day = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][Int(parts.tm_wday)]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { two(Int($0)) }.joined(separator: ":")
        let zone = (offset < 0 ? "-" : "+") + two(abs(offset) / 60) + two(abs(offset) % 60)
        return "\(day), \(parts.tm_mday) \(months[Int(parts.tm_mon)]) \(1900 + Int(parts.tm_year)) \(clock) \(zone)"
    }
}

extension UInt8 {
    /// What git counts as white space.
    fileprivate var isBlank: Bool { self == 0x20 || (0x09...0x0A).contains(self) || self == 0x0D }
}

extension [UInt8] {
    /// Whether the line begins with ASCII text in any case; the text is in lower case.
    fileprivate func hasPrefix(_ text: String) -> Bool {
        prefix(text.utf8.count).map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }.elementsEqual(text.utf8)
    }

    fileprivate var hasLineEndingWithReturn: Bool {
        var start = startIndex
        while let place = self[start...].firstIndex(of: 0x0D) {
            start = place + 1
            if start < endIndex, self[start] == 0x0A { return true }
        }
        return false
    }
}

import Session

/// Reads lines that begin as a place in a file and say something about it, of tools that have no reader of their own.
struct PlaceReader: OutputReader {
    static let format = "text"
    static let rank = ReaderRank.place

    private var findings = Findings()

    mutating func read(_ line: Substring) -> Bool {
        guard let place = Place(line) ?? Place(parenthesized: line), !place.rest.isEmpty, Self.isFile(place.file),
            !Self.isRemark(place.rest)
        else { return false }
        let message = ErrorWord.message(place.rest).flatMap { $0.isEmpty ? nil : $0 } ?? place.rest
        findings.add(
            TestFailure(
                name: String(place.text), message: String(message), file: String(place.file), line: place.line,
                excerpt: String(line)))
        return true
    }

    mutating func finish() -> TestReading? { findings.isEmpty ? nil : findings.reading() }

    /// Whether it is the path of a file: with an ending that begins with a letter, and not the name of a host.
    private static func isFile(_ path: Substring) -> Bool {
        guard !path.holds(" "), !path.holds("\""), !path.starts(with: "//") else { return false }
        let name = path.cutLast("/")?.after ?? path
        if ["Makefile", "GNUmakefile", "Dockerfile", "Jenkinsfile", "Gemfile", "Rakefile"].contains(name) {
            return true
        }
        guard let ending = name.cutLast(".")?.after, let first = ending.utf8.first else { return false }
        let isLetter = (first | 0x20) >= 0x61 && (first | 0x20) <= 0x7A
        return isLetter && (path.holds("/") || !hosts.contains(ending))
    }

    private static let hosts: Set<Substring> = [
        "com", "org", "net", "io", "dev", "local", "localhost", "example", "test", "internal", "invalid",
    ]

    /// Whether the message says of itself that it is not about a failure.
    private static func isRemark(_ message: Substring) -> Bool {
        let word = (message.cut(" ")?.before ?? message).lowercased()
        let kinds = [
            "warning", "note", "info", "hint", "remark", "style", "debug", "notice", "help", "suggestion", "todo",
            "warnung", "anmerkung", "attention", "avertissement", "aviso", "advertencia", "warn", "[warning]", "[info]",
        ]
        return kinds.contains { word == $0 || word == "\($0):" }
    }
}

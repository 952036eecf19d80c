import Session

/// One test of Go, and what it has logged.
struct GoTest {
    /// The name within its package.
    let name: Substring
    /// How it ended; nil as long as it runs.
    var outcome: TestCase.Outcome?
    /// Where a race was found while it ran.
    var race: GoFrame?

    private var message: Substring = ""
    private var place: (file: Substring, line: Int)?
    private var excerpt = Excerpt()

    init(name: Substring) { self.name = name }

    /// Whether it says something of its own.
    var isTold: Bool { place != nil || !message.isEmpty }

    /// Takes a line that was printed while it ran, or below its outcome.
    mutating func read(_ line: Substring) {
        if line.indentation > 0, let logged = Place(line.trimmed), logged.file.ends(with: ".go") {
            excerpt.add(line)
            guard place == nil else { return }
            place = (logged.file, logged.line)
            message = logged.rest
        } else if place != nil, line.indentation > 0 {
            excerpt.add(line)
            let text = line.trimmed
            // Testify has its message in a table below an empty line.
            if let error = text.after("Error:") {
                message = error.trimmed
            } else if message.isEmpty, !text.starts(with: "Error Trace:"), !text.isEmpty {
                message = text
            }
        } else if name.starts(with: "Example"), outcome == .failed, excerpt.text.utf8.count < 200 {
            excerpt.add(line)
            message = excerpt.text.utf8.contains(0x0A) ? Self.joined(excerpt.text) : line
        }
    }

    /// The failure under its whole name.
    func failure(named name: String) -> TestFailure {
        if let race {
            return TestFailure(
                name: name, message: "data race", file: String(race.file), line: race.line, excerpt: excerpt.text)
        }
        return TestFailure(
            name: name, message: String(message), file: place.map { String($0.file) }, line: place?.line,
            excerpt: excerpt.text)
    }

    private static func joined(_ lines: String) -> Substring {
        lines.split(separator: "\n").joined(separator: " ")[...]
    }
}

import Session

/// Reads what ShellCheck prints: `In a.sh line 3:` with the findings below the code, or `a.sh:3:4: note: ... [SC2086]`.
struct ShellCheckReader: OutputReader {
    static let format = "shellcheck"

    private var findings = Findings()
    private var place: (file: Substring, line: Int)?
    /// The line of the script.
    private var code: Substring?

    mutating func read(_ line: Substring) -> Bool {
        if let (file, rest) = line.after("In ")?.cutLast(" line "), let (number, end) = rest.leadingNumber, end == ":" {
            place = (file, number)
            code = nil
            return true
        }
        if let (before, code) = line.before("]")?.cutLast(" [SC"), Int(code) != nil, let place = Place(before),
            let (severity, message) = place.rest.cut(": "), ["error", "warning", "note"].contains(severity)
        {
            add("\(place.text) SC\(code)", message, place.file, place.line)
            return true
        }
        guard let place else { return false }
        if code == nil {
            code = line
        } else if let finding = line.trimmed.after("^"), let (text, message) = finding.cut(": "),
            let code = text.cut(" SC")?.after.leadingNumber?.number
        {
            add("\(place.file):\(place.line) SC\(code)", message, place.file, place.line)
        } else if line.starts(with: "Did you mean") || line.starts(with: "For more information") {
            self.place = nil
        }
        return false
    }

    mutating func finish() -> TestReading? { findings.isEmpty ? nil : findings.reading() }

    private mutating func add(_ name: String, _ message: Substring, _ file: Substring, _ line: Int) {
        findings.add(
            TestFailure(
                name: name, message: String(message), file: String(file), line: line,
                excerpt: String((place == nil ? "" : code ?? "").limited(to: Excerpt.byteLimit))))
    }
}

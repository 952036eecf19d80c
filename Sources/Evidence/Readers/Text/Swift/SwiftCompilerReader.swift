import Session

/// Reads errors of swiftc, and of the package manager that runs it.
struct SwiftCompilerReader: OutputReader {
    static let format = "swiftc"

    private var findings = Findings()
    private var failure: TestFailure?
    private var excerpt = Excerpt()
    private var lineCount = 0

    /// Lines of the source that follow a message.
    private static let sourceLines = 8

    mutating func read(_ line: Substring) -> Bool {
        if let place = Place(line), place.file.ends(with: ".swift"), place.column != nil {
            end()
            guard let message = place.rest.after("error: ") ?? place.rest.after("fatal error: ") else { return false }
            failure = TestFailure(
                name: String(place.text), message: String(message), file: String(place.file), line: place.line)
            excerpt.add(line)
            return true
        }
        if let message = line.after("<unknown>:0: error: ") {
            end()
            findings.add(TestFailure(name: String(message)))
            return true
        }
        // SwiftPM names the package or the target in quotes.
        if let text = line.after("error: '"), let (name, message) = text.cut("': ") {
            end()
            findings.add(TestFailure(name: String(name), message: String(message)))
            return true
        }
        guard failure != nil else { return false }
        lineCount += 1
        if line.isEmpty || lineCount > Self.sourceLines { end() } else { excerpt.add(line) }
        return false
    }

    mutating func finish() -> TestReading? {
        end()
        return findings.isEmpty ? nil : findings.reading()
    }

    private mutating func end() {
        lineCount = 0
        guard var ended = failure else { return }
        failure = nil
        ended.excerpt = excerpt.take()
        findings.add(ended)
    }
}

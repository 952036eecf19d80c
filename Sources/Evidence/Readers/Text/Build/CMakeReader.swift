import Session

/// Reads errors of CMake: `CMake Error at CMakeLists.txt:3 (find_package):`, and the text below.
struct CMakeReader: OutputReader {
    static let format = "cmake"

    private var findings = Findings()
    private var open: TestFailure?
    private var excerpt = Excerpt()
    /// Whether the first paragraph of the text, which is the message, has ended.
    private var isMessageOver = false

    mutating func read(_ line: Substring) -> Bool {
        if let rest = line.after("CMake Error") {
            end()
            guard rest.starts(with: " at ") || rest.starts(with: " in ") || rest.starts(with: ": ") else {
                return false
            }
            start(rest)
            excerpt.add(line)
            return true
        }
        guard open != nil else { return false }
        if line.starts(with: "  ") || line.starts(with: "Call Stack ") {
            excerpt.add(line)
            if line.starts(with: "Call Stack ") { isMessageOver = true }
            readMessage(line.trimmed)
        } else if line.isEmpty {
            if open?.message.isEmpty == false { isMessageOver = true }
        } else {
            end()
        }
        return false
    }

    mutating func finish() -> TestReading? {
        end()
        return findings.isEmpty ? nil : findings.reading()
    }

    private mutating func start(_ rest: Substring) {
        isMessageOver = false
        if let message = rest.after(": ") {
            open = TestFailure(name: String(message))
            isMessageOver = true
            return
        }
        let text = rest.after(" at ") ?? rest.after(" in ") ?? rest
        let heading = text.before(":") ?? text
        open = TestFailure(name: String(heading))
        if let place = Place(heading) {
            open?.file = String(place.file)
            open?.line = place.line
        } else {
            open?.file = String(heading.cut(" ")?.before ?? heading)
        }
    }

    private mutating func readMessage(_ text: Substring) {
        guard !isMessageOver, var failure = open, failure.message.utf8.count < 400 else { return }
        failure.message += failure.message.isEmpty ? String(text) : " \(text)"
        open = failure
    }

    private mutating func end() {
        guard var ended = open else { return }
        open = nil
        ended.excerpt = String(excerpt.take()[...].withoutBlankEnd)
        findings.add(ended)
    }
}

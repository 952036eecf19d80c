import Session

/// Reads what ninja itself cannot do.
struct NinjaReader: OutputReader {
    static let format = "ninja"

    private var findings = Findings()

    mutating func read(_ line: Substring) -> Bool {
        guard let message = line.after("ninja: error: ") ?? line.after("ninja: fatal: ") else { return false }
        if let place = Place(message), !place.rest.isEmpty {
            findings.add(
                TestFailure(
                    name: String(place.text), message: String(place.rest), file: String(place.file), line: place.line))
        } else {
            findings.add(TestFailure(name: String(message)))
        }
        return true
    }

    mutating func finish() -> TestReading? { findings.isEmpty ? nil : findings.reading() }
}

/// Reads which steps of ninja have failed.
struct NinjaStepReader: OutputReader {
    static let format = "ninja"
    static let rank = ReaderRank.step

    private var findings = Findings()
    private var isNinja = false
    private var open: (name: Substring, excerpt: Excerpt)?

    mutating func read(_ line: Substring) -> Bool {
        let isProgress = Self.isProgress(line)
        if isProgress || line.starts(with: "ninja: ") {
            end()
            isNinja = true
        } else if let step = line.after("FAILED: "), isNinja {
            end()
            // Since 1.13 the exit status stands in front.
            let target = step.after("[code=")?.cut("] ")?.after ?? step
            open = (target.words.first ?? target, Excerpt())
            return true
        } else {
            open?.excerpt.add(line)
        }
        return false
    }

    mutating func finish() -> TestReading? {
        end()
        return findings.isEmpty ? nil : findings.reading()
    }

    private mutating func end() {
        guard let ended = open else { return }
        open = nil
        findings.add(TestFailure(name: String(ended.name), message: "step failed", excerpt: ended.excerpt.text))
    }

    /// `[12/340] Building …`
    private static func isProgress(_ line: Substring) -> Bool {
        guard let (_, rest) = line.after("[")?.leadingNumber, let (_, end) = rest.after("/")?.leadingNumber else {
            return false
        }
        return end.starts(with: "] ")
    }
}

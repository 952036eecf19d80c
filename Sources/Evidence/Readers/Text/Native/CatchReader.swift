import Session

/// Reads the output of programs with Catch2, versions 2 and 3: the usual report and the compact one.
///
/// A test case that may fail is told as a failure, as only the count at the end sets it apart.
struct CatchReader: OutputReader {
    static let format = "catch2"

    private var findings = Findings()
    private var wasSeen = false
    private var state = State.outside
    private var names: [Substring] = []
    private var open: (failure: TestFailure, excerpt: Excerpt)?
    /// Failures of the compact report, which count when its last line has come.
    private var compact: [TestFailure] = []

    private enum State {
        case outside, names, body
    }

    var ownsLine: Bool { open != nil }

    mutating func read(_ line: Substring) -> Bool {
        if line.utf8.count >= 70, line.utf8.allSatisfy({ $0 == 0x2D }) {
            end()
            if state != .names { names = [] }
            state = state == .names ? .body : .names
            return false
        }
        if state == .names {
            if names.count < 20, !line.isEmpty { names.append(line.trimmed) }
            return false
        }
        if line.ends(with: ": FAILED:"), let place = Place(line), place.rest == "FAILED:" {
            end()
            let name = names.isEmpty ? place.text : names.joined(separator: " / ")[...]
            open = (TestFailure(name: String(name), file: String(place.file), line: place.line), Excerpt())
            open?.excerpt.add(line)
            wasSeen = true
            return true
        }
        if open != nil {
            if line.isEmpty { end() } else { readMessage(line) }
            return false
        }
        return readSummary(line) || readCompact(line)
    }

    mutating func finish() -> TestReading? {
        end()
        guard wasSeen else { return nil }
        for failure in compact { findings.add(failure) }
        return findings.reading()
    }

    private mutating func readMessage(_ line: Substring) {
        guard var (failure, excerpt) = open else { return }
        excerpt.add(line)
        if failure.message.utf8.count < 400 {
            failure.message += failure.message.isEmpty ? String(line.trimmed) : " \(line.trimmed)"
        }
        open = (failure, excerpt)
    }

    private mutating func end() {
        guard var (failure, excerpt) = open else { return }
        open = nil
        failure.excerpt = excerpt.take()
        findings.add(failure)
    }

    /// `tests.cpp:14: failed: add(2, 2) == 4 for: 0 == 4`
    private mutating func readCompact(_ line: Substring) -> Bool {
        guard let place = Place(line), let message = place.rest.after("failed: "),
            compact.count < Findings.failureLimit
        else { return false }
        compact.append(
            TestFailure(
                name: String(place.text), message: String(message), file: String(place.file), line: place.line,
                excerpt: String(line)))
        return false
    }

    /// `test cases: 6 | 1 passed | 4 failed | 1 failed as expected`, `All tests passed (1 assertion in 1 test case)`
    private mutating func readSummary(_ line: Substring) -> Bool {
        if let list = line.after("test cases: ") {
            let parts = list.utf8.split(separator: UInt8(ascii: "|")).map { Substring($0).trimmed }
            guard let total = parts.first?.leadingNumber?.number else { return false }
            var failed = 0
            var skipped = 0
            for part in parts.dropFirst() {
                guard let (count, word) = part.leadingNumber else { return false }
                if word == " failed" { failed = count }
                if word == " failed as expected" || word == " skipped" { skipped = skipped.adding(count) }
            }
            findings.count(run: Swift.max(failed, total - skipped), failed: failed, skipped: skipped)
        } else if let (_, counts) = line.after("All tests passed (")?.cut(" in "),
            let run = counts.leadingNumber?.number
        {
            findings.count(run: run, failed: 0, skipped: 0)
        } else if let (_, rest) = line.after("Failed ")?.leadingNumber ?? line.after("Passed ")?.leadingNumber {
            guard rest.starts(with: " test case") else { return false }
        } else if !line.holds(" host application."), !line.starts(with: "Randomness seeded to: ") {
            return false
        }
        wasSeen = true
        return true
    }
}

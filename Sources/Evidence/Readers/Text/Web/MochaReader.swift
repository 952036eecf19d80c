import Session

/// Reads what Mocha prints at the end of all its reporters that print text: `2 passing`, `1 failing`, then `1) suite`,
/// the titles below it, and the reason.
struct MochaReader: OutputReader {
    static let format = "mocha"

    private var findings = Findings()
    private var unsettled = UnsettledFailures()
    /// The counts of the run whose end is being read; nil elsewhere.
    private var counts: (passing: Int, pending: Int, failing: Int)?
    /// How many failures of the run have been told.
    private var told = 0
    /// The titles of the failure whose name is being read; empty when it is known.
    private var titles: [Substring] = []

    mutating func read(_ line: Substring) -> Bool {
        if let (count, label) = Self.count(line) {
            if label == "passing" {
                endRun()
                counts = (count, 0, 0)
                return true
            }
            guard counts != nil, told == 0 else { return false }
            if label == "pending" { counts?.pending = count } else { counts?.failing = count }
            return true
        }
        guard let counts, counts.failing > 0 else { return false }
        if told < counts.failing, let title = line.after("  \(told + 1)) ") {
            unsettled.end()
            told += 1
            titles = [title]
            if title.ends(with: ":") { beginReason() }
            return true
        }
        if told > 0 { readReason(line) }
        return false
    }

    mutating func finish() -> TestReading? {
        endRun()
        return findings.isEmpty ? nil : findings.reading()
    }

    /// `  2 passing (44ms)`, `  3 pending`, `  7 failing`
    private static func count(_ line: Substring) -> (Int, Substring)? {
        guard line.indentation == 2, let (count, rest) = line.trimmed.leadingNumber, let label = rest.after(" ")
        else { return nil }
        let word = label.withoutDuration
        return word == "passing" || word == "pending" || word == "failing" ? (count, word) : nil
    }

    /// Takes a title below the one before it, or a line of the reason.
    private mutating func readReason(_ line: Substring) {
        // Each title stands two columns deeper than the one above, and the last has a colon.
        if !titles.isEmpty, line.indentation == 5 + 2 * titles.count {
            titles.append(line.trimmed)
            if line.ends(with: ":") { beginReason() }
            return
        }
        if !titles.isEmpty { beginReason() }
        guard var block = unsettled.open else { return }
        defer { unsettled.open = block }
        if ScriptFrame.isFrame(line) {
            if let frame = ScriptFrame(line), !frame.isForeign, !frame.file.holds("/mocha/lib/") {
                block.setPlace(frame.file, frame.line)
            }
            return
        }
        // A timeout has no frame in the test, but its file.
        if line.holds("Error: Timeout of "), let file = line.before(")")?.cutLast(" (")?.after, file.holds("/") {
            block.setPlace(file, nil)
        }
        block.add(line)
    }

    private mutating func beginReason() {
        let last = titles[titles.count - 1]
        let name = titles.dropLast() + [last.before(":") ?? last]
        unsettled.begin(FailureBlock(name: name.joined(separator: " ")))
        titles = []
    }

    private mutating func endRun() {
        if !titles.isEmpty { beginReason() }
        if let counts {
            findings.count(
                run: counts.passing.adding(counts.failing), failed: counts.failing, skipped: counts.pending)
        }
        unsettled.settle(into: &findings)
        counts = nil
        told = 0
    }
}

import Session

/// Reads what `dotnet test` prints: `  Failed Class.Test [12 ms]` with `Error Message:` and `Stack Trace:`, and
/// `Failed!  - Failed: 1, Passed: 2, ...`; the terminal logger's `error TESTERROR` and `Test summary: total: 3, ...`
struct DotnetTestReader: OutputReader {
    static let format = "dotnet"

    private var findings = Findings()
    private var unsettled = UnsettledFailures()
    private var part = Part.none
    /// The counts at the end of older versions, a line each.
    private var old: [Substring: Int] = [:]
    private var isInSummary = false
    private var hasFailed = false
    /// The place of a failure whose name is on the next line.
    private var place: Place?

    /// What of a failure is being told.
    private enum Part { case none, message, trace }

    mutating func read(_ line: Substring) -> Bool {
        if let result = readResult(line) { return result }
        if readSummary(line) { return true }
        let text = line.trimmed
        if let message = text.after("Error Message:") {
            part = .message
            if !message.trimmed.isEmpty { unsettled.open?.add(message.trimmed) }
        } else if text.starts(with: "Stack Trace:") {
            part = .trace
        } else if text.starts(with: "Standard Output Messages:") || text.starts(with: "Standard Error Messages:") {
            part = .none
        } else {
            readReason(line)
        }
        return false
    }

    var ownsLine: Bool { unsettled.open != nil }

    mutating func finish() -> TestReading? {
        endOldSummary()
        unsettled.end()
        if findings.tally != nil, !hasFailed { unsettled.drop() }
        unsettled.settle(into: &findings)
        return findings.isEmpty ? nil : findings.reading(countingCases: false)
    }

    /// `  Failed Shop.BasketTests.Adds [12 ms]`, `  Passed ...`, `  Skipped ...`; in older versions `  X Adds [12ms]`;
    /// of the terminal logger `path(20): error TESTERROR:` with the name behind it or on the next line.
    private mutating func readResult(_ line: Substring) -> Bool? {
        // The newer test platform: `failed Adds (6s 220ms)`, and the reason below it.
        if let text = line.after("failed "), let (name, time) = text.before(")")?.cutLast(" ("), time.ends(with: "s") {
            endFailure()
            findings.add(name, .failed)
            unsettled.begin(FailureBlock(name: name, indentation: 2))
            part = .message
            return true
        }
        if let place = Place(parenthesized: line.trimmed), let text = place.rest.after("error TESTERROR:") {
            unsettled.end()
            self.place = place
            if !text.trimmed.isEmpty { beginAtPlace(text.trimmed) }
            return true
        }
        if place != nil, unsettled.open == nil {
            beginAtPlace(line.trimmed)
            return true
        }
        for (word, outcome) in [
            ("  Failed ", TestCase.Outcome.failed), ("  X ", .failed), ("  Passed ", .passed), ("  Skipped ", .skipped),
        ] {
            guard let text = line.after(word), let (name, time) = text.before("]")?.cutLast(" ["),
                time.ends(with: "s") || time.ends(with: "m") || time.ends(with: "h")
            else { continue }
            endFailure()
            findings.add(name, outcome)
            if outcome == .failed { unsettled.begin(FailureBlock(name: name)) }
            return true
        }
        return nil
    }

    /// `Shop.BasketTests.Adds (12ms): Error Message: Assert.Equal() Failure`
    private mutating func beginAtPlace(_ text: Substring) {
        guard let place else { return }
        self.place = nil
        let (head, message) = text.cut(": Error Message: ") ?? (text, "")
        let name = head.cutLast(" (")?.before ?? head
        var block = FailureBlock(name: name, message: message.trimmed)
        block.setPlace(place.file, place.line)
        findings.add(name, .failed)
        unsettled.begin(block)
        part = .message
    }

    private mutating func endFailure() {
        unsettled.end()
        part = .none
        place = nil
    }

    private mutating func readReason(_ line: Substring) {
        guard part != .none, var block = unsettled.open else { return }
        defer { unsettled.open = block }
        if line.trimmed.starts(with: "at "), let (_, rest) = line.cut(") in ") {
            // Libraries are built with sources at other places.
            if let (file, number) = rest.cutLast(":line ") ?? rest.cutLast(":"), let line = Int(number),
                !file.starts(with: "/_/")
            {
                block.setPlace(file, line)
            }
        } else if part == .message, !line.trimmed.starts(with: "at ") {
            block.add(line)
        }
    }

    /// `Failed!  - Failed:     2, Passed:     3, Skipped:     1, Total:     6, Duration: 40 ms - Shop.Tests.dll (net8.0)`
    private mutating func readSummary(_ line: Substring) -> Bool {
        if let (_, list) = line.cut("!  - "),
            line.starts(with: "Failed!") || line.starts(with: "Passed!") || line.starts(with: "Skipped!"),
            let counts = Counts(labelled: list.cut(", Duration")?.before ?? list), let failed = counts["Failed"]
        {
            return count(failed, counts["Passed"], counts["Skipped"])
        }
        if let list = line.trimmed.after("Test summary: "),
            let counts = Counts(labelled: list.cut(", duration")?.before ?? list),
            let failed = counts["failed"]
        {
            return count(failed, counts["succeeded"], counts["skipped"])
        }
        return readOldSummary(line.trimmed)
    }

    private mutating func count(_ failed: Int, _ passed: Int?, _ skipped: Int?) -> Bool {
        endFailure()
        hasFailed = hasFailed || failed > 0
        findings.count(run: failed.adding(passed ?? 0), failed: failed, skipped: skipped ?? 0)
        return true
    }

    /// `Total tests: 6`, and below it `Passed: 3`, `Failed: 2`, `Skipped: 1`; of the newer test platform
    /// `Test run summary: Failed!`, and below it `total: 6`, `failed: 2`
    private mutating func readOldSummary(_ text: Substring) -> Bool {
        if text.starts(with: "Test run summary: ") || text.starts(with: "Total tests: ") {
            endOldSummary()
            endFailure()
            isInSummary = true
        }
        guard isInSummary, let (label, number) = text.cut(":"), let count = Int(number.trimmed), old.count < 5 else {
            return false
        }
        old[label] = count
        return true
    }

    private mutating func endOldSummary() {
        // Newer versions print one line for each assembly, and these lines for all of them.
        if findings.tally == nil, let all = old["Total tests"] ?? old["total"] {
            let failed = old["Failed"] ?? old["failed"] ?? 0
            let skipped = old["Skipped"] ?? old["skipped"] ?? 0
            hasFailed = hasFailed || failed > 0
            findings.count(run: max(0, all - skipped), failed: failed, skipped: skipped)
        }
        old = [:]
        isInSummary = false
    }
}

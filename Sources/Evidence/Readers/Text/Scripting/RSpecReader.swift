import Session

/// Reads what RSpec prints: below `Failures:`, `1) name`, the reason and `# ./file.rb:3:in`; then
/// `2 examples, 1 failure` and `rspec ./file.rb:3 # name`.
struct RSpecReader: OutputReader {
    static let format = "rspec"

    private var findings = Findings()
    private var unsettled = UnsettledFailures()
    private var isInFailures = false
    /// How many failures of the list have been told.
    private var told = 0
    /// What could not be loaded, whose reason is being read.
    private var isOutside = false
    /// Where the code that failed has been told, or is told on lines of its own.
    private var code: (isTold: Bool, isBelow: Bool) = (false, false)
    /// Whether the next counts are those of the run.
    private var isFinished = false
    private var hasErrorsOutside = false

    mutating func read(_ line: Substring) -> Bool {
        if line == "Failures:" {
            end()
            (isInFailures, told) = (true, 0)
            return true
        }
        if line == "Pending:" || line.starts(with: "Pending: (") || line.starts(with: "Finished in ") {
            end()
            isInFailures = false
            isFinished = line.starts(with: "F")
            return false
        }
        if let file = line.after("An error occurred while loading ") {
            end()
            isOutside = true
            let sentence = file.cut(" - Did you mean?")?.before ?? file
            let path = sentence.before(".") ?? sentence
            var block = FailureBlock(name: path)
            block.setPlace(path, nil)
            unsettled.open = block
            return true
        }
        if readSummary(line) { return true }
        if isInFailures, let name = line.after("  \(told + 1)) ") {
            end()
            told += 1
            unsettled.begin(FailureBlock(name: name, indentation: 7))
        } else {
            readReason(line)
        }
        return false
    }

    var ownsLine: Bool { unsettled.open != nil }

    mutating func finish() -> TestReading? {
        end()
        if findings.tally?.failed == 0, !hasErrorsOutside { unsettled.drop() }
        unsettled.settle(into: &findings)
        return findings.isEmpty ? nil : findings.reading()
    }

    private mutating func end() {
        unsettled.end()
        isOutside = false
        code = (false, false)
    }

    private mutating func readReason(_ line: Substring) {
        guard var block = unsettled.open else { return }
        defer { unsettled.open = block }
        let text = line.trimmed
        if let frame = text.after("# ") {
            if let place = Self.place(frame) { block.setPlaceOfError(place, isOutside: isOutside) }
        } else if let (before, after) = text.cut("Failure/Error:"), before.isEmpty || before.ends(with: ") ") {
            code = (true, after.isEmpty)
        } else if code.isBelow {
            code.isBelow = !text.isEmpty
        } else if !block.hasMessage {
            if code.isTold { block.add(line) }
        } else {
            block.add(line)
        }
    }

    /// `./a_spec.rb:3:in ...`, without code of libraries
    private static func place(_ frame: Substring) -> (Substring, Int)? {
        guard let (file, rest) = frame.cut(":"), let (line, _) = rest.leadingNumber, file.ends(with: ".rb"),
            !file.holds("/gems/"), !file.starts(with: "/usr/")
        else { return nil }
        return (file, line)
    }

    /// `9 examples, 5 failures, 2 pending, 1 error occurred outside of examples`
    private mutating func readSummary(_ line: Substring) -> Bool {
        guard let (examples, rest) = line.leadingNumber, rest.starts(with: " example"), isFinished,
            let counts = Counts(line), let failed = counts["failures"] ?? counts["failure"]
        else { return false }
        end()
        isFinished = false
        let pending = counts["pending"] ?? 0
        findings.count(run: max(0, examples - pending), failed: failed, skipped: pending)
        hasErrorsOutside = hasErrorsOutside || line.holds(" occurred outside of examples")
        return true
    }
}

extension FailureBlock {
    /// Tells the place of a frame; of what could not be loaded, also the line in a file that is known.
    fileprivate mutating func setPlaceOfError(_ place: (Substring, Int), isOutside: Bool) {
        if isOutside, failure.file.map({ $0[...] == place.0 }) == true, failure.line == nil {
            setLine(place.1)
        } else {
            setPlace(place.0, place.1)
        }
    }
}

import Session

/// Reads what the test runner of Node.js prints with its spec reporter: a tree of tests, counts such as `ℹ fail 1`, and
/// then each failure once more below `✖ failing tests:`, with `test at file:line:column` before its title.
struct NodeTestReader: OutputReader {
    static let format = "node"

    /// How deep suites may be nested to be read.
    private static let depthLimit = 20

    private var findings = Findings()
    private var unsettled = UnsettledFailures()
    /// The suites and tests around the next line of the tree.
    private var parents: [Substring] = []
    /// Whole names of failed tests by their title, in order: the list of failures tells titles only.
    private var failedNames: [Substring: [String]] = [:]
    private var failedCount = 0
    private var counts: [Substring: Int]?
    private var isInList = false
    /// The place of the test that is told in the list.
    private var place: ScriptFrame?
    /// The last line that names an error outside of the tree, which is why a file cannot be loaded.
    private var lastError: Substring?
    /// Why files could not be loaded.
    private var fileErrors: [Substring: Substring] = [:]

    mutating func read(_ line: Substring) -> Bool {
        if line == "✖ failing tests:" {
            isInList = findings.tally != nil
            return isInList
        }
        if let count = line.after("ℹ ") { return readCount(count) }
        return isInList ? readFailure(line) : readTree(line)
    }

    var ownsLine: Bool { unsettled.open != nil }

    mutating func finish() -> TestReading? {
        endFailure()
        if findings.tally?.failed == 0 { unsettled.drop() }
        unsettled.settle(into: &findings)
        return findings.tally == nil ? nil : findings.reading()
    }

    /// `ℹ tests 4`, the first, to `ℹ duration_ms 12.3`, the last.
    private mutating func readCount(_ text: Substring) -> Bool {
        guard let (label, number) = text.cut(" ") else { return false }
        if label == "tests" { counts = [:] }
        if label == "duration_ms", let counts, let passed = counts["pass"], let failed = counts["fail"] {
            let allFailed = failed.adding(counts["cancelled"] ?? 0)
            findings.count(
                run: passed.adding(allFailed), failed: allFailed,
                skipped: (counts["skipped"] ?? 0).adding(counts["todo"] ?? 0))
            self.counts = nil
            parents = []
            return true
        }
        if let count = Int(number), counts?.count ?? 99 < 10 { counts?[label] = count }
        return false
    }

    /// `▶ suite`, and below it `  ✔ test (1.2ms)`, `  ✖ test (1.2ms)`, `  ﹣ test (0.1ms) # SKIP`
    private mutating func readTree(_ line: Substring) -> Bool {
        let depth = line.indentation / 2
        let text = line.trimmed
        guard depth <= parents.count, depth < Self.depthLimit else { return false }
        let around = parents.prefix(depth)
        if let title = text.after("▶ ") {
            let name = Self.title(title)
            // Older versions close a suite with the sign that opens it, and its duration.
            parents = Array(around) + (title.utf8.count > name.utf8.count ? [] : [name])
            return false
        }
        guard let (outcome, title) = Self.outcome(text) else {
            if line.cut(":")?.before.words.first?.ends(with: "Error") == true { lastError = line }
            return false
        }
        let name = Self.title(title)
        guard name.utf8.count < title.utf8.count else { return false }
        let whole = (around + [name]).joined(separator: " > ")
        findings.add(whole, Self.isToDo(title) ? .skipped : outcome)
        parents = Array(around)
        guard outcome == .failed, failedCount < Findings.failureLimit else { return false }
        failedCount += 1
        failedNames[name, default: []].append(whole)
        if depth == 0, let lastError, name.holds(".") { fileErrors[name] = lastError }
        lastError = nil
        return false
    }

    private static func outcome(_ text: Substring) -> (TestCase.Outcome, Substring)? {
        if let title = text.after("✔ ") { return (.passed, title) }
        if let title = text.after("✖ ") ?? text.after("⚠ ") { return (.failed, title) }
        return text.after("﹣ ").map { (.skipped, $0) }
    }

    /// Whether node marks a test, by this word behind its title, as one that may fail.
    private static func isToDo(_ title: Substring) -> Bool { title.ends(with: "# TODO") || title.holds("# TODO ") }

    /// The title without the duration and what follows it.
    private static func title(_ text: Substring) -> Substring {
        guard let (title, rest) = text.cutLast(" ("), rest.holds("ms)"), rest.leadingNumber != nil else { return text }
        return title
    }

    private mutating func readFailure(_ line: Substring) -> Bool {
        if let test = line.after("test at ") {
            endFailure()
            place = ScriptFrame(place: test)
            return true
        }
        if unsettled.open == nil, let place, let title = line.after("✖ ") ?? line.after("⚠ ") {
            // A test that is to be done may fail.
            if Self.isToDo(title) { self.place = nil } else { begin(Self.title(title), at: place) }
            return true
        }
        if line.indentation == 0, !line.isEmpty { endFailure() }
        guard var block = unsettled.open, let place else { return false }
        defer { unsettled.open = block }
        if !ScriptFrame.isFrame(line) {
            block.add(line)
        } else if let frame = ScriptFrame(line), !frame.isForeign {
            block.setPlace(frame.file.ends(with: "/\(place.file)") ? place.file : frame.file, frame.line)
        }
        return false
    }

    private mutating func begin(_ title: Substring, at place: ScriptFrame) {
        var whole = String(title)
        if let first = failedNames[title]?.first {
            whole = first
            failedNames[title]?.removeFirst()
        }
        unsettled.begin(FailureBlock(name: whole, message: fileErrors[title] ?? "", indentation: 2))
    }

    /// Ends a failure; one without a frame of its own has the place of its test.
    private mutating func endFailure() {
        if let place { unsettled.open?.setPlace(place.file, place.line) }
        unsettled.end()
        place = nil
    }
}

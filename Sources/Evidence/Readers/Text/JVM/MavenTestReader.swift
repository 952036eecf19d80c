import Session

/// Reads the tests that Maven's Surefire and Failsafe run: `[ERROR] test(Class)  Time elapsed: 0 s  <<< FAILURE!` and
/// the stack trace below, the list below `Failures:` and `Errors:`, and `Tests run: 7, Failures: 2, ...`
struct MavenTestReader: OutputReader {
    static let format = "surefire"

    private var findings = Findings()
    private var unsettled = UnsettledFailures()
    private var isSeen = false
    /// The class whose tests are told.
    private var type: Substring = ""
    /// Whether the results of a module are listed.
    private var isInResults = false
    /// Failures of the list, which count where no stack trace was printed.
    private var listed: [TestFailure] = []

    mutating func read(_ line: Substring) -> Bool {
        let (level, text) = Self.level(line)
        if text == " T E S T S" {
            endModule()
            isSeen = true
            return true
        }
        if let (title, rest) = text.cut("Time elapsed: "),
            rest.ends(with: "<<< FAILURE!") || rest.ends(with: "<<< ERROR!")
        {
            begin(title)
            return true
        }
        if level != nil || line.isEmpty { unsettled.end() }
        if text == "Results:" || text == "Results :"
            || ["Failures:", "Errors:"].contains(text.trimmed) && level == "ERROR"
        {
            isInResults = true
            return isSeen
        }
        if level != nil, let running = text.after("Running ") { type = running }
        if level != nil, text.starts(with: "Tests run: "), let (_, name) = text.cut(" in ") { type = name }
        if readCounts(text, level: level) { return true }
        if isInResults, level == "ERROR", text.starts(with: "  ") { readListed(text.trimmed) }
        if level == nil { readReason(line) }
        return false
    }

    var ownsLine: Bool { unsettled.open != nil }

    mutating func finish() -> TestReading? {
        endModule()
        return findings.isEmpty ? nil : findings.reading()
    }

    /// The line without `[ERROR] ` in front.
    private static func level(_ line: Substring) -> (Substring?, Substring) {
        guard let (level, text) = line.after("[")?.cut("] "), ["ERROR", "INFO", "WARNING"].contains(level) else {
            return (nil, line)
        }
        return (level, text)
    }

    /// `adds(org.example.BasketTest)  `, `org.example.BasketTest.adds -- `, `org.example.BasketTest  `
    private mutating func begin(_ title: Substring) {
        let text = (title.trimmed.before("--") ?? title).trimmed
        // The class, whose tests are counted here, is no failure of its own.
        guard !text.starts(with: "Tests run: "), !text.isEmpty else { return }
        guard let (method, owner) = text.before(")")?.cutLast("("), owner.holds(".") else {
            return unsettled.begin(FailureBlock(name: text.holds(".") || type.isEmpty ? "\(text)" : "\(type).\(text)"))
        }
        unsettled.begin(FailureBlock(name: "\(owner).\(method)"))
    }

    private mutating func readReason(_ line: Substring) {
        guard var block = unsettled.open else { return }
        defer { unsettled.open = block }
        if JavaFrame.isFrame(line) {
            if let frame = JavaFrame(line), !frame.isForeign { block.setPlace(frame.file, frame.line) }
        } else {
            block.add(line)
        }
    }

    /// `BasketTest.adds:20 the total expected:<7> but was:<2>`, `BasketTest>Base.adds:12 » IllegalState no database`
    private mutating func readListed(_ text: Substring) {
        guard listed.count < Findings.failureLimit, !text.starts(with: "Run ") else { return }
        let (head, message) = text.cut(" ") ?? (text, "")
        guard let (name, rest) = head.cut(":"), let line = rest.cut("->")?.before.leadingNumber ?? rest.leadingNumber,
            name.holds(".")
        else { return }
        let type = (name.cut(">")?.after ?? name).cutLast(".")?.before ?? name
        // A nested class stands in the file of the outer one.
        let outer = type.cut("$")?.before ?? type
        listed.append(
            TestFailure(
                name: String(name), message: String(message.after("» ") ?? message),
                file: "\(outer.cutLast(".")?.after ?? outer).java", line: line.number))
    }

    /// `Tests run: 7, Failures: 2, Errors: 2, Skipped: 1` of a module; that of a class tells the time as well.
    private mutating func readCounts(_ text: Substring, level: Substring?) -> Bool {
        guard level != nil || isInResults, text.starts(with: "Tests run: "), let counts = Counts(labelled: text),
            let all = counts["Tests run"], let failures = counts["Failures"], let errors = counts["Errors"]
        else { return false }
        let skipped = counts["Skipped"] ?? 0
        let failed = failures.adding(errors)
        findings.count(run: max(0, all - skipped), failed: failed, skipped: skipped)
        if failed == 0 {
            unsettled.drop()
            listed = []
        }
        endModule()
        return true
    }

    /// Settles what was read of a module; what the list tells counts where no stack trace was.
    private mutating func endModule() {
        unsettled.end()
        let detailed = unsettled.take()
        for failure in detailed { findings.add(failure) }
        for failure in listed
        where !detailed.contains(where: {
            $0.name[...].ends(with: ".\(failure.name)") || ($0.line == failure.line && $0.fileStem == failure.fileStem)
        }) {
            findings.add(failure)
        }
        listed = []
        isInResults = false
    }
}

extension TestFailure {
    /// The name of the file without what stands behind its point: the list tells classes, not files.
    fileprivate var fileStem: Substring? { file.map { $0[...].cut(".")?.before ?? $0[...] } }
}

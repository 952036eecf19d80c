import Session

/// Reads the files that formatters would change: Black, Ruff, isort, Prettier, and rustfmt.
struct FormatCheckReader: OutputReader {
    static let format = "black"

    private var findings = Findings()
    private var tools: [String] = []
    /// Files that Prettier names, which are failures if its summary says so.
    private var warned: [Substring] = []

    mutating func read(_ line: Substring) -> Bool {
        if let file = line.after("would reformat ") { return add(file, "black", "would be reformatted") }
        if let file = line.after("Would reformat: ") { return add(file, "ruff format", "would be reformatted") }
        if let text = line.after("error: cannot parse: ") ?? line.after("error: cannot format "), !text.isEmpty {
            return addBroken(text)
        }
        if let file = line.after("ERROR: ")?.before(" Imports are incorrectly sorted and/or formatted.") {
            return add(file, "isort", "Imports are incorrectly sorted and/or formatted.")
        }
        if let text = line.after("Diff in ") { return addDifference(text) }
        return readPrettier(line)
    }

    mutating func finish() -> TestReading? {
        return findings.reading(of: tools)
    }

    @discardableResult
    private mutating func add(_ file: Substring, _ tool: String, _ message: String, line: Int? = nil) -> Bool {
        if !tools.contains(tool) { tools.append(tool) }
        findings.add(
            TestFailure(
                name: line.map { "\(file):\($0)" } ?? "\(file)", message: message, file: String(file), line: line))
        return true
    }

    /// `a.py:1:11`, or in older versions `a.py: Cannot parse: 1:11: ...`
    private mutating func addBroken(_ text: Substring) -> Bool {
        if let frame = ScriptFrame(place: text) {
            return add(frame.file, "black", "cannot be parsed", line: frame.line)
        }
        guard let (file, message) = text.cut(": ") else { return false }
        let place = message.after("Cannot parse: ") ?? message.cut(": ")?.after
        return add(file, "black", String(message), line: place?.leadingNumber?.number)
    }

    /// `/path/main.rs:3:`, or in older versions `/path/main.rs at line 3:`
    private mutating func addDifference(_ text: Substring) -> Bool {
        guard let place = text.before(":") else { return false }
        guard let (file, number) = place.cut(" at line ") ?? place.cutLast(":"), let line = Int(number) else {
            return false
        }
        return add(file, "rustfmt", "is not formatted", line: line)
    }

    /// `[warn] a.js`, then `[warn] Code style issues found in 2 files.`; `[error] a.js: SyntaxError: ... (1:2)`
    private mutating func readPrettier(_ line: Substring) -> Bool {
        if let text = line.after("[error] "), let (file, message) = text.cut(": "),
            message.starts(with: "SyntaxError: ")
        {
            let place = message.before(")")?.cutLast(" (")?.after
            return add(file, "prettier", String(message), line: place?.leadingNumber?.number)
        }
        guard let text = line.after("[warn] ") else { return false }
        if text.starts(with: "Code style issues ") || text.starts(with: "Forgot to run Prettier?") {
            for file in warned { add(file, "prettier", "is not formatted") }
            warned = []
            return true
        }
        if warned.count < Findings.failureLimit { warned.append(text) }
        return false
    }
}

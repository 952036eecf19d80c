import Session

/// Reads why Maven gave up: the first `[ERROR]` below `BUILD FAILURE`, such as a goal that failed or a dependency that
/// cannot be had.
struct MavenGoalReader: OutputReader {
    static let format = "maven"
    static let rank = ReaderRank.step

    private var findings = Findings()

    mutating func read(_ line: Substring) -> Bool {
        guard let text = line.after("[ERROR] ") else { return false }
        guard let rest = text.after("Failed to execute goal ") else {
            for beginning in ["Non-resolvable ", "Plugin ", "Unknown lifecycle phase ", "Could not find goal "] {
                if text.starts(with: beginning) { return add("maven", text) }
            }
            return false
        }
        // `plugin:version:goal (execution) on project name: reason`, or only `on project name: reason`
        guard let (head, reason) = rest.cut(": "), head.holds("on project ") else { return add("maven", rest) }
        return add(head, reason)
    }

    mutating func finish() -> TestReading? { findings.isEmpty ? nil : findings.reading() }

    private mutating func add(_ name: Substring, _ message: Substring) -> Bool {
        let reason = message.cut(" -> [Help ")?.before ?? message
        findings.add(TestFailure(name: String(name), message: String(reason.trimmed)))
        return true
    }
}

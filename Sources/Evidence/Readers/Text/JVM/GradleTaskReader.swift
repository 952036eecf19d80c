import Session

/// Reads which task of a Gradle build failed, and why: what stands below `* What went wrong:`.
struct GradleTaskReader: OutputReader {
    static let format = "gradle"
    static let rank = ReaderRank.step

    private var findings = Findings()
    /// The failure that is told; its first line is still to come where it has no message and no name.
    private var block: FailureBlock?
    private var isExpected = false

    mutating func read(_ line: Substring) -> Bool {
        if line == "* What went wrong:" {
            end()
            isExpected = true
            return true
        }
        if isExpected, !line.isEmpty {
            isExpected = false
            let task = line.after("Execution failed for task '")?.cut("'")?.before
            block = FailureBlock(name: task ?? "gradle", message: task == nil ? line : "")
        } else if line.starts(with: "* ") || line.isEmpty {
            end()
        } else {
            block?.add(line.after("> ") ?? line)
        }
        return false
    }

    mutating func finish() -> TestReading? {
        end()
        return findings.isEmpty ? nil : findings.reading()
    }

    private mutating func end() {
        if let block { findings.add(block.whole) }
        block = nil
    }
}

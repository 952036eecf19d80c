import Session

/// Reads panics of Rust programs outside of a test runner.
struct PanicReader: OutputReader {
    static let format = "rust"
    static let rank = ReaderRank.crash

    private var findings = Findings()
    private var panic = RustPanic()

    mutating func read(_ line: Substring) -> Bool {
        var next = RustPanic()
        if next.read(line) {
            end()
            panic = next
            return true
        }
        if !panic.isEmpty { _ = panic.read(line) }
        return false
    }

    mutating func finish() -> TestReading? {
        end()
        return findings.isEmpty ? nil : findings.reading()
    }

    private mutating func end() {
        guard !panic.isEmpty else { return }
        let failure = panic.failure(named: "panic")
        findings.add(
            panic.failure(named: failure.file.map { "\($0):\(failure.line ?? 0)" } ?? failure.message))
    }
}

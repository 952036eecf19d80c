import Session

/// Reads the tracebacks of Python programs that broke off outside of a test runner.
struct TracebackReader: OutputReader {
    static let format = "python"
    static let rank = ReaderRank.crash

    private var traceback = PythonTraceback()
    private var findings = Findings()
    /// The last failure, which counts unless another exception follows from it.
    private var last: TestFailure?

    mutating func read(_ line: Substring) -> Bool {
        if line.starts(with: "The above exception was the direct cause of ")
            || line.starts(with: "During handling of the above exception, ")
        {
            last = nil
            return false
        }
        let wasOpen = traceback.isOpen
        guard traceback.read(line) else { return false }
        guard wasOpen, !traceback.isOpen, Self.isException(traceback.exception), let place = traceback.place else {
            return false
        }
        if let last { findings.add(last) }
        last = TestFailure(name: "\(place.file):\(place.line)", traceback)
        return true
    }

    mutating func finish() -> TestReading? {
        if let last { findings.add(last) }
        return findings.isEmpty ? nil : findings.reading()
    }

    /// `ValueError: message`, `package.Error`: a name, and after it nothing or a colon.
    private static func isException(_ line: Substring) -> Bool {
        let name = line.cut(":")?.before ?? line
        return !name.isEmpty && !name.holds(" ")
    }
}

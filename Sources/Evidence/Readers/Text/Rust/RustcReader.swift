import Session

/// Reads errors of rustc, clippy, cargo and rustfmt.
struct RustcReader: OutputReader {
    static let format = "rustc"

    private var findings = Findings()
    /// An error whose place has not come yet.
    private var pending: (text: Substring, hasCode: Bool)?
    private var excerpt = Excerpt()
    private var failure: TestFailure?
    private var isCargo = false

    mutating func read(_ line: Substring) -> Bool {
        if let pending {
            self.pending = nil
            if let place = line.trimmed.after("--> ").flatMap({ Place($0) }) {
                start(place, message: pending.text, line)
                return true
            }
            endWithoutPlace(pending)
        }
        if failure != nil {
            if line.isEmpty { end() } else { excerpt.add(line) }
        }
        if line.starts(with: "error") { return readError(line) }
        if line.starts(with: "   Compiling ") || line.starts(with: "    Checking ") { isCargo = true }
        if let place = Place(line), place.file.ends(with: ".rs"), place.column != nil,
            place.rest.starts(with: "error: ") || place.rest.starts(with: "error[")
        {
            end()
            start(place, message: Self.message(place.rest).text, line)
            end()
            return true
        }
        return readFormatting(line)
    }

    mutating func finish() -> TestReading? {
        if let pending { endWithoutPlace(pending) }
        end()
        return findings.isEmpty ? nil : findings.reading()
    }

    private mutating func readError(_ line: Substring) -> Bool {
        guard line.starts(with: "error: ") || line.starts(with: "error[") else { return false }
        end()
        pending = Self.message(line)
        excerpt.add(line)
        if line.starts(with: "error: could not compile `") {
            isCargo = true
            return true
        }
        return pending?.hasCode == true
    }

    /// `error[E0308]: mismatched types`
    private static func message(_ line: Substring) -> (text: Substring, hasCode: Bool) {
        if let text = line.after("error: ") { return (text, false) }
        guard let (code, text) = line.after("error[")?.cut("]: ") else { return (line, false) }
        return ("\(code): \(text)"[...], code.starts(with: "E") && Int(code.dropFirst()) != nil)
    }

    /// `Diff in src/lib.rs:12:`, of `cargo fmt --check`.
    private mutating func readFormatting(_ line: Substring) -> Bool {
        guard let rest = line.after("Diff in "), rest.ends(with: ":") else { return false }
        let old = rest.cut(" at line ").map { "\($0.before):\($0.after)"[...] }
        guard let place = Place(old ?? rest), place.file.ends(with: ".rs") else { return false }
        end()
        start(place, message: "is not formatted", line)
        return true
    }

    private mutating func start(_ place: Place, message: Substring, _ line: Substring) {
        failure = TestFailure(
            name: String(place.text), message: String(message), file: String(place.file), line: place.line)
        excerpt.add(line)
    }

    private mutating func end() {
        if var ended = failure {
            ended.excerpt = excerpt.take()
            findings.add(ended)
        }
        failure = nil
        excerpt = Excerpt()
    }

    /// What cargo itself complains of counts, but not what follows from errors that were told.
    private mutating func endWithoutPlace(_ error: (text: Substring, hasCode: Bool)) {
        let isConsequence = Self.consequences.contains { error.text.starts(with: $0) || error.text.ends(with: $0) }
        guard error.hasCode || (isCargo && !isConsequence) else {
            excerpt = Excerpt()
            return
        }
        failure = TestFailure(name: String(error.text))
    }

    private static let consequences = [
        "could not compile `", "aborting due to ", "test failed", "doctest failed", "bench failed", "build failed",
        "test run failed", "targets failed:", "target failed:", "process didn't exit successfully",
        "no test target", "command ", "warnings emitted",
    ]
}

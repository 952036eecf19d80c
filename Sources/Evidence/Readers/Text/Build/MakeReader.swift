import Session

/// Reads what make itself cannot do: a Makefile that it does not understand, a file that nothing makes.
struct MakeReader: OutputReader {
    static let format = "make"

    private var findings = Findings()
    /// A message that goes on in the next line, as some translations are long.
    private var begun: Substring?

    mutating func read(_ line: Substring) -> Bool {
        if let message = begun {
            begun = nil
            findings.add(TestFailure(name: "\(message) \(Self.withoutStop(line.trimmed))"))
            return false
        }
        // The outputs of all languages have the stars.
        guard line.holds(": *** ") else { return false }
        if let place = Place(line), let message = place.rest.after("*** "), !message.starts(with: "[") {
            findings.add(
                TestFailure(
                    name: String(place.text), message: String(Self.withoutStop(message)), file: String(place.file),
                    line: place.line))
            return true
        }
        guard let (_, message) = MakeLine.stars(line), !message.starts(with: "["),
            // It waits for other jobs, or removes what is half made.
            !message.ends(with: "...."), !message.starts(with: "Deleting "), !message.starts(with: "Waiting for ")
        else { return false }
        if let start = message.trimmed.before(",") {
            begun = "\(start),"[...]
        } else {
            findings.add(TestFailure(name: String(Self.withoutStop(message))))
        }
        return true
    }

    mutating func finish() -> TestReading? {
        if let begun { findings.add(TestFailure(name: String(begun))) }
        return findings.isEmpty ? nil : findings.reading()
    }

    private static func withoutStop(_ message: Substring) -> Substring {
        (message.before(".  Stop.") ?? message.before(".  Schluss.") ?? message).trimmed
    }
}

/// Reads which step of make has failed: `make[1]: *** [Makefile:3: test] Error 1`, also in other languages.
struct MakeStepReader: OutputReader {
    static let format = "make"
    static let rank = ReaderRank.step

    private var findings = Findings()
    /// How deep the make was that has failed last; the ones around it fail with it.
    private var lastLevel = 0
    private var remark: Substring = ""
    private var before = Excerpt()

    mutating func read(_ line: Substring) -> Bool {
        guard let (level, message) = MakeLine.stars(line), let (step, told) = message.after("[")?.cut("] ") else {
            readOutput(line)
            return false
        }
        guard ErrorWord.isNumbered(told) || !told.isEmpty else { return false }
        defer { lastLevel = level }
        guard level >= lastLevel else { return true }
        let excerpt = before.take()
        let text = remark.isEmpty ? told : remark
        if let place = Place(step), !place.rest.isEmpty {
            findings.add(
                TestFailure(
                    name: String(place.rest), message: String(text), file: String(place.file), line: place.line,
                    excerpt: excerpt))
        } else {
            findings.add(TestFailure(name: String(step), message: String(text), excerpt: excerpt))
        }
        remark = ""
        return true
    }

    mutating func finish() -> TestReading? { findings.isEmpty ? nil : findings.reading() }

    /// What was printed before says more than the number: `make: no_such_program: No such file or directory`.
    private mutating func readOutput(_ line: Substring) {
        if let (_, text) = MakeLine.program(line) {
            remark = text.holds(": ") ? text : ""
        } else if !line.isEmpty {
            if before.isFull { before = Excerpt() }
            before.add(line)
        }
    }
}

/// The beginning of what make prints of itself.
private enum MakeLine {
    /// `make[2]: text`, also of gmake; the level is 0 for the outermost one.
    static func program(_ line: Substring) -> (level: Int, text: Substring)? {
        guard let (program, text) = line.cut(": "), program.utf8.count < 60 else { return nil }
        let (path, level) = program.cut("[").map { ($0.before, $0.after.leadingNumber?.number ?? 0) } ?? (program, 0)
        let name = path.cutLast("/")?.after ?? path
        return ["make", "gmake", "mingw32-make", "make.exe"].contains(name) ? (level, text) : nil
    }

    /// `make[2]: *** text`
    static func stars(_ line: Substring) -> (level: Int, text: Substring)? {
        guard line.holds("*** "), let (level, text) = program(line) else { return nil }
        return text.after("*** ").map { (level, $0) }
    }
}

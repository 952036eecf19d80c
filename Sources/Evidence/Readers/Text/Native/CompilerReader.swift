import Session

/// Reads errors of gcc, clang and compilers that print as they do, in any language of gcc.
struct CompilerReader: OutputReader {
    static let format = "compiler"

    private var findings = Findings()
    private var failure: TestFailure?
    private var excerpt = Excerpt()
    private var lineCount = 0
    /// Where the program uses the template that the next errors are in.
    private var required: Place?
    private var format: String?

    /// Lines that follow a message and do not look like a part of it: clang's source line is arbitrary.
    private static let sourceLines = 2

    mutating func read(_ line: Substring) -> Bool {
        if let place = Place(line), !place.file.holds(" "), !Self.others.contains(where: { place.file.ends(with: $0) })
        {
            return readDiagnostic(place, line)
        }
        if let place = Place(parenthesized: line.trimmed), let told = Self.microsoft(place.rest) {
            start(place, told, line)
            format = "msvc"
            return true
        }
        if let (program, rest) = line.cut(": "), Self.isDriver(program), let message = ErrorWord.message(rest) {
            return readDriver(program, message, line)
        }
        if line.starts(with: "In file included from ") || line.isEmpty { end() }
        if failure != nil {
            lineCount += 1
            if lineCount <= Self.sourceLines || line.starts(with: " ") { excerpt.add(line) } else { end() }
        }
        if line.ends(with: " generated."), line.holds(" error") { format = "clang" }
        return false
    }

    mutating func finish() -> TestReading? {
        end()
        return findings.reading(of: [format ?? Self.format])
    }

    /// Files whose compilers have readers of their own.
    private static let others = [
        ".swift", ".rs", ".py", ".pyi", ".ts", ".tsx", ".js", ".jsx", ".go", ".sh", ".java", ".kt", ".kts", ".scala",
        ".cs", ".fs", ".vb", ".rb", ".php",
    ]

    private mutating func readDiagnostic(_ place: Place, _ line: Substring) -> Bool {
        if let message = ErrorWord.message(place.rest), !message.isEmpty {
            start(place, message, line)
            if !place.rest.starts(with: "error") || format == nil, place.column != nil { format = format ?? "gcc" }
            return true
        }
        if place.rest.starts(with: "required from here") || place.rest.starts(with: "required from") {
            required = place
            return false
        }
        if place.rest.starts(with: "note: ") || place.rest.starts(with: "Anmerkung: ") {
            if failure != nil { excerpt.add(line) }
            // clang tells afterwards where the program uses the template.
            if failure?.file?.hasPrefix("/usr/") == true, place.rest.ends(with: " requested here"),
                !place.file.starts(with: "/usr/")
            {
                failure?.file = String(place.file)
                failure?.line = place.line
            }
        } else {
            end()
        }
        return false
    }

    private mutating func start(_ place: Place, _ message: Substring, _ line: Substring) {
        end()
        var found = TestFailure(
            name: String(place.text), message: String(message), file: String(place.file), line: place.line)
        // An error in a header of the system is made where the program uses it.
        if let required, place.file.starts(with: "/usr/"), !required.file.starts(with: "/usr/") {
            found.file = String(required.file)
            found.line = required.line
        }
        required = nil
        failure = found
        excerpt.add(line)
    }

    private mutating func readDriver(_ program: Substring, _ message: Substring, _ line: Substring) -> Bool {
        end()
        let isConsequence = program.ends(with: "collect2") || message.starts(with: "linker command failed")
        // A linker tells its errors itself, and another reader knows them.
        if isConsequence { return false }
        findings.add(TestFailure(name: String(message), excerpt: String(line)))
        return true
    }

    private mutating func end() {
        lineCount = 0
        guard var ended = failure else { return }
        failure = nil
        ended.excerpt = excerpt.take()
        findings.add(ended)
    }

    /// `gcc`, `/usr/bin/x86_64-linux-gnu-g++-12`, `cc1plus`
    private static func isDriver(_ program: Substring) -> Bool {
        guard !program.holds(" "), let last = program.utf8.split(separator: 0x2F).last else { return false }
        var name = Substring(last)
        if let (before, version) = name.cutLast("-"), version.leadingNumber?.rest.isEmpty == true { name = before }
        return drivers.contains { name == $0 || name.ends(with: "-\($0)") }
    }

    private static let drivers = [
        "gcc", "g++", "cc", "c++", "cc1", "cc1plus", "cc1obj", "clang", "clang++", "collect2", "lto1", "f951",
        "gfortran",
    ]

    /// `error C2065: 'x': undeclared identifier`
    private static func microsoft(_ rest: Substring) -> Substring? {
        guard let text = rest.after("error ") ?? rest.after("fatal error "), let (code, _) = text.cut(": ") else {
            return nil
        }
        let number = code.after("LNK") ?? code.after("C")
        return number?.leadingNumber?.rest.isEmpty == true ? text : nil
    }
}

import Session

/// Reads what ESLint and linters with its formatters print: a path and rows such as `  3:4  error  message  rule`, and
/// the formats `unix`, `compact` and `visualstudio`.
struct ESLintReader: OutputReader {
    static let format = "eslint"

    private var findings = Findings()
    /// Warnings, which count only where the linter says that there are too many.
    private var warnings: [TestFailure] = []
    /// The path above the rows.
    private var file: Substring?

    private(set) var ownsLine = false

    mutating func read(_ line: Substring) -> Bool {
        ownsLine = readProblem(line)
        return ownsLine
    }

    mutating func finish() -> TestReading? { findings.isEmpty ? nil : findings.reading() }

    private mutating func readProblem(_ line: Substring) -> Bool {
        if line.starts(with: "ESLint found too many warnings") {
            for warning in warnings { findings.add(warning) }
            return true
        }
        if line.indentation == 0 {
            if let problem = Self.unix(line) ?? Self.compact(line) ?? Self.visualStudio(line) {
                add(problem)
                return true
            }
            // Next.js prints rows without a margin.
            if let file, let problem = Self.row("  \(line)", of: file) {
                add(problem)
                return true
            }
            // Rows stand directly below their path.
            file = (line.holds(".") || line.holds("/")) && Place.isPath(line) ? line : nil
            return false
        }
        guard let file, let problem = Self.row(line, of: file) else { return false }
        add(problem)
        return true
    }

    /// A problem, and whether it is only a warning.
    private typealias Problem = (failure: TestFailure, isWarning: Bool)

    private mutating func add(_ problem: Problem) {
        if !problem.isWarning {
            findings.add(problem.failure)
        } else if warnings.count < Findings.failureLimit {
            warnings.append(problem.failure)
        }
    }

    private static func problem(
        _ file: Substring, _ line: Int, _ column: Int, _ rule: Substring, _ message: Substring, _ severity: Substring
    ) -> Problem {
        let name = "\(file):\(line):\(column)\(rule.isEmpty ? "" : " \(rule)")"
        let failure = TestFailure(name: name, message: String(message), file: String(file), line: line)
        return (failure, severity == "warning" || severity.starts(with: "Warning") || severity == "⚠")
    }

    /// `  3:4  error  message  rule`; Stylelint has signs for the severity.
    private static func row(_ row: Substring, of file: Substring) -> Problem? {
        guard let (line, behind) = row.trimmed.leadingNumber, line > 0,
            let (column, rest) = behind.after(":")?.leadingNumber,
            let (severity, text) = rest.trimmed.cut(" "), rest.starts(with: "  "),
            ["error", "warning", "Error:", "Warning:", "✖", "×", "⚠"].contains(severity)
        else { return nil }
        // Columns are two spaces apart or more; a syntax error has no rule.
        guard let (message, rule) = text.trimmed.cutLast("  "), !rule.trimmed.holds(" ") else {
            return problem(file, line, column, "", text.trimmed, severity)
        }
        return problem(file, line, column, rule.trimmed, message.trimmed, severity)
    }

    /// `path:3:4: message [Error/rule]`
    private static func unix(_ text: Substring) -> Problem? {
        guard let inside = text.before("]"), let (before, mark) = inside.cutLast(" ["), let place = Place(before),
            let column = place.column
        else { return nil }
        let (severity, rule) = mark.cut("/") ?? (mark, "")
        guard severity == "Error" || severity == "Warning" else { return nil }
        return problem(place.file, place.line, column, rule, place.rest, severity)
    }

    /// `path: line 3, col 4, Error - message (rule)`
    private static func compact(_ text: Substring) -> Problem? {
        guard let (file, rest) = text.cut(": line "), let (line, behind) = rest.leadingNumber,
            let (column, severityAndText) = behind.after(", col ")?.leadingNumber,
            let (severity, message) = severityAndText.after(", ")?.cut(" - "),
            severity == "Error" || severity == "Warning"
        else { return nil }
        guard let (words, rule) = message.before(")")?.cutLast(" ("), !rule.holds(" ") else {
            return problem(file, line, column, "", message, severity)
        }
        return problem(file, line, column, rule, words, severity)
    }

    /// `path(3,4): error rule : message`
    private static func visualStudio(_ text: Substring) -> Problem? {
        guard let place = Place(parenthesized: text), let column = place.column,
            let (head, message) = place.rest.cut(": "), let (severity, rule) = head.cut(" "),
            severity == "error" || severity == "warning", head.ends(with: " "), !isCode(rule.trimmed)
        else { return nil }
        return problem(place.file, place.line, column, rule.trimmed, message, severity)
    }

    /// Whether it is the number of a compiler's error, `CS0103`, which other tools print in the same way.
    private static func isCode(_ rule: Substring) -> Bool {
        let letters = rule.utf8.prefix { ($0 >= 0x41 && $0 <= 0x5A) }.count
        return letters > 0 && Int(Substring(rule.utf8.dropFirst(letters))) != nil
    }
}

import Session
import Text

/// One thing that is wrong at the end of a run: a failure of the command, or a doubt about what was done.
struct Finding: Sendable, Equatable {
    /// How grave it is.
    enum Level: String, Sendable {
        /// It is broken.
        case error
        /// A person has to judge it.
        case warning
        /// It is worth a look.
        case note
    }

    /// What kind of finding it is, such as `test_failure`, or the kind of a doubt.
    let rule: String
    let level: Level
    /// The name of the test, or what was found in a few words.
    let name: String
    /// The reason, one line; may be empty.
    let message: String
    /// Where it is; nil where that is not known, or not in the tree.
    let place: SourcePlace?
    /// A few lines of what was printed, or the line it is about; may be empty.
    let excerpt: String
    /// The same for the same finding of a later run, though lines have moved; different for each finding of a run.
    var fingerprint = ""

    /// Name and reason in one line.
    var text: String { message.isEmpty ? name : "\(name): \(message)" }

    /// The rule of a failure that was read from what the command printed or wrote.
    static let testFailure = "test_failure"
    /// The rule of a command that failed without a failure that could be read.
    static let commandFailure = "command_failure"
}

extension Finding {
    /// What is wrong in a result: what a person has to judge, then what is broken, then what is worth a look.
    static func all(of result: RunResult, start: RunStart?) -> [Finding] {
        let roots = roots(of: start)
        let doubts = result.doubts.map { Finding($0, roots) }
        var findings = doubts.filter { $0.level == .warning }
        if let report = result.remaining?.report { findings += failures(of: report, start?.command, roots) }
        findings += doubts.filter { $0.level == .note }
        return numbered(findings)
    }

    /// Where the tree stood while commands ran.
    static func roots(of start: RunStart?) -> [String] {
        [start?.tree, start?.repository].compactMap { $0 }.filter { $0.hasPrefix("/") && $0 != "/" }
    }

    private static func failures(of report: CommandReport, _ command: String?, _ roots: [String]) -> [Finding] {
        let failures = report.tests?.failures ?? []
        guard failures.isEmpty else { return failures.map { Finding($0, roots) } }
        return [
            Finding(
                rule: commandFailure, level: .error, name: command?.markedLine ?? "the command",
                message: report.ending.markedLine, place: nil, excerpt: report.output.lastLines(40).marked)
        ]
    }

    private init(_ failure: TestFailure, _ roots: [String]) {
        self.init(
            rule: Self.testFailure, level: .error, name: failure.name.markedLine, message: failure.message.markedLine,
            place: failure.file.flatMap { SourcePlace($0, line: failure.line, roots: roots) },
            excerpt: failure.excerpt.marked)
    }

    private init(_ doubt: Doubt, _ roots: [String]) {
        self.init(
            rule: doubt.kind.rawValue, level: doubt.isDecisive ? .warning : .note, name: doubt.kind.words,
            message: doubt.message.markedLine,
            place: doubt.path.flatMap { SourcePlace($0, line: doubt.line, roots: roots) },
            excerpt: doubt.excerpt.marked)
    }

    /// Gives each its fingerprint; equal findings are told apart by their order.
    private static func numbered(_ findings: [Finding]) -> [Finding] {
        var counts: [String: Int] = [:]
        return findings.map { finding in
            let count = counts[finding.identity, default: 0]
            counts[finding.identity] = count + 1
            var finding = finding
            finding.fingerprint = StableHash.hex([finding.identity, "\(count)"])
            return finding
        }
    }

    /// What stays the same from run to run: no line of a file, and for a test not the reason, which may have times in it.
    private var identity: String {
        var parts = [rule, place?.path ?? ""]
        switch rule {
        case Self.testFailure:
            // Compilers name no test but the place.
            let isPlace = name.withoutPlace != name
            parts += [name.withoutPlace, isPlace ? message : ""]
        case Self.commandFailure: parts.append(name)
        default: parts.append(excerpt.isEmpty ? message : excerpt)
        }
        return parts.joined(separator: "\u{0}")
    }
}

extension String {
    /// The last lines of the text.
    func lastLines(_ count: Int) -> String {
        split(separator: "\n", omittingEmptySubsequences: false).suffix(count).joined(separator: "\n")
    }

    /// The text without line and column behind it, as in `src/a.c:3:4`.
    fileprivate var withoutPlace: String {
        var text = self[...]
        while let colon = text.lastIndex(of: ":"), text.index(after: colon) < text.endIndex,
            text[text.index(after: colon)...].allSatisfy({ $0.isASCII && $0.isNumber })
        {
            text = text[..<colon]
        }
        return String(text)
    }
}

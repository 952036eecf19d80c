public import Session
import Text

/// What is wrong at the end of a run as a JUnit report, for who shows test results.
///
/// There is one test case for the verdict, so that a report is never empty, and one for each failure that is left.
public struct JUnitReport: Sendable {
    private struct Case {
        let group: String
        let name: String
        var place: SourcePlace?
        /// Why it failed; nil if it did not.
        var failure: (type: String, message: String, text: String)?
    }

    private let result: RunResult
    private let command: String
    private let findings: [Finding]

    /// Takes a result.
    ///
    /// - Parameter start: What the run worked on; nil if it did not come to that.
    public init(result: RunResult, start: RunStart?) {
        self.result = result
        command = start?.command ?? "graft"
        findings = Finding.all(of: result, start: start)
    }

    /// The file.
    public var bytes: [UInt8] {
        let verdict = Case(
            group: "graft", name: "verdict",
            failure: result.verdict.exitCode == 0 || result.verdict == .skipped
                ? nil : (result.verdict.rawValue, result.message, result.verdict.explanation))
        let broken = findings.filter { $0.level == .error }.map { finding in
            Case(
                group: command, name: finding.name, place: finding.place,
                failure: (finding.rule, finding.message, finding.excerpt))
        }
        let suites = [("graft", [verdict], result.duration)] + (broken.isEmpty ? [] : [(command, broken, brokenTime)])
        let all = suites.flatMap(\.1)
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        text += "<testsuites name=\"graft\" \(Self.counts(of: all, result.duration))>\n"
        for (name, cases, time) in suites {
            text += "  <testsuite name=\(name.xmlAttribute) \(Self.counts(of: cases, time))>\n"
            text += cases.map(Self.element).joined() + "  </testsuite>\n"
        }
        return Array((text + "</testsuites>\n").utf8)
    }

    private var brokenTime: Duration { result.remaining?.report.duration ?? .zero }

    private static func counts(of cases: [Case], _ time: Duration) -> String {
        let failed = cases.count { $0.failure != nil }
        return "tests=\"\(cases.count)\" failures=\"\(failed)\" errors=\"0\" skipped=\"0\" time=\"\(seconds(time))\""
    }

    private static func element(_ test: Case) -> String {
        var head = "    <testcase classname=\(test.group.xmlAttribute) name=\(test.name.xmlAttribute)"
        if let place = test.place {
            head += " file=\(place.path.xmlAttribute)"
            if let line = place.line { head += " line=\"\(line)\"" }
        }
        guard let failure = test.failure else { return head + "/>\n" }
        return head + ">\n      <failure type=\(failure.type.xmlAttribute) message=\(failure.message.xmlAttribute)>"
            + failure.text.xmlText + "</failure>\n    </testcase>\n"
    }

    /// Seconds with three digits behind the point.
    private static func seconds(_ time: Duration) -> String {
        let milliseconds = Int(time / .milliseconds(1))
        let rest = "\(milliseconds % 1000)"
        return "\(milliseconds / 1000).\(String(repeating: "0", count: 3 - rest.utf8.count))\(rest)"
    }
}

extension String {
    /// The text as the value of an attribute, with its quotes, on one line.
    fileprivate var xmlAttribute: String { "\"" + markedLine.clipped(to: 4000).xmlText + "\"" }

    /// The text between tags: what XML 1.0 has no character for is marked.
    fileprivate var xmlText: String {
        var text = ""
        for scalar in marked.unicodeScalars {
            switch scalar {
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "&": text += "&amp;"
            case "\"": text += "&quot;"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

import JSON
public import Session
import Text

/// What is wrong at the end of a run as a report of code quality for GitLab (`artifacts:reports:codequality`).
public struct CodeQualityReport: Sendable {
    private let findings: [Finding]

    /// Takes a result.
    ///
    /// - Parameter start: What the run worked on; nil if it did not come to that.
    public init(result: RunResult, start: RunStart?) {
        findings = Finding.all(of: result, start: start)
    }

    /// The file.
    public var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.array { for finding in findings { $0.object { Self.write(finding, into: &$0) } } }
        return writer.bytes + [0x0A]
    }

    private static func write(_ finding: Finding, into writer: inout JSONWriter) {
        writer.member("description", finding.text.clipped(to: 1000))
        writer.member("check_name", finding.rule)
        writer.member("fingerprint", finding.fingerprint)
        writer.member("severity", finding.level.severity)
        writer.object("location") {
            $0.member("path", finding.place?.path ?? ".")
            $0.object("lines") { $0.member("begin", finding.place?.line ?? 1) }
        }
    }
}

extension Finding.Level {
    /// The word of GitLab for it.
    fileprivate var severity: String {
        switch self {
        case .error: "critical"
        case .warning: "major"
        case .note: "minor"
        }
    }
}

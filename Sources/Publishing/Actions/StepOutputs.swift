import Repository
public import Session
import Text

/// The outputs of a step for GitHub's runner, as its file for them takes them (`GITHUB_OUTPUT`).
public struct StepOutputs: Sendable {
    private let values: [(name: String, value: String)]

    /// Takes a result.
    ///
    /// - Parameters:
    ///   - exitCode: The exit code of the process, which is not the result's if something could not be written.
    ///   - files: Names and paths of what was written.
    public init(result: RunResult, exitCode: Int32, files: [(name: String, path: String)]) {
        values =
            [
                ("verdict", result.verdict.rawValue), ("exit-code", "\(exitCode)"), ("message", result.message),
                ("session", result.sessionFolder?.split(separator: "/").last.map(String.init) ?? ""),
                ("branch", result.branch ?? ""), ("base", result.base ?? ""), ("commit", result.commit ?? ""),
                ("commits", "\(result.commits.count)"),
            ] + files.map { ($0.name, $0.path) }
    }

    /// Takes what came of a publication.
    public init(_ outcome: Publication.Outcome) {
        values = [
            ("request-action", outcome.action.rawValue), ("request-number", "\(outcome.number)"),
            ("request-url", outcome.url), ("branch", outcome.branch), ("commit", outcome.commit.hex),
        ]
    }

    /// The lines to append.
    ///
    /// - Parameter random: Makes the lines that end values: no value can have one that nobody could know.
    public func text(using random: inout some RandomNumberGenerator) -> String {
        values.map { name, value in
            let end = "graft_" + String(random.next(), radix: 16) + String(random.next(), radix: 16)
            return "\(name)<<\(end)\n\(value.markedLine)\n\(end)\n"
        }.joined()
    }
}

public import Session
import Text

/// What a result has to say beside the lines of files, as commands to GitHub's runner.
///
/// The runner shows 10 errors, 10 warnings and 10 notices of a step and drops the rest without a word, so that the rest
/// is told as a sum.
public struct WorkflowAnnotations: Sendable {
    /// So many of a kind are shown of a step.
    static let limit = 10

    private let result: RunResult
    private let findings: [Finding]
    /// What stands before a path of the repository to make it one of the workspace.
    private let prefix: String
    private let hiddenCount: Int

    /// Takes a result.
    ///
    /// - Parameters:
    ///   - start: What the run worked on; nil if it did not come to that.
    ///   - workspace: The folder that paths of annotations are relative to (`GITHUB_WORKSPACE`).
    public init(result: RunResult, start: RunStart?, workspace: String?) {
        self.result = result
        findings = Finding.all(of: result, start: start)
        let tests = result.remaining?.report.tests
        hiddenCount = max(0, (tests?.tally?.failed ?? 0) - (tests?.failures.count ?? 0))
        var prefix = ""
        if let repository = start?.repository, let workspace, repository.hasPrefix(workspace + "/") {
            prefix = repository.dropFirst(workspace.utf8.count + 1) + "/"
        }
        self.prefix = prefix
    }

    /// The lines.
    public var text: String {
        let isGood = result.verdict.exitCode == 0 || result.verdict == .skipped
        let kind = isGood ? "notice" : result.verdict == .needsReview ? "warning" : "error"
        let verdict = WorkflowCommand(
            name: kind, properties: [("title", "graft: \(result.verdict.rawValue)")],
            message: result.message.isEmpty ? result.verdict.explanation : result.message)
        let lines =
            [verdict] + annotations(.error, besides: kind == "error" ? 1 : 0, hidden: hiddenCount)
            + annotations(.warning, besides: kind == "warning" ? 1 : 0)
            + annotations(.note, besides: kind == "notice" ? 1 : 0)
        return lines.map(\.line).joined()
    }

    private func annotations(_ level: Finding.Level, besides taken: Int, hidden: Int = 0) -> [WorkflowCommand] {
        let all = findings.filter { $0.level == level }
        let room = Self.limit - taken
        guard all.count + (hidden > 0 ? 1 : 0) > room else {
            return all.map(annotation) + (hidden > 0 ? [rest(hidden, level)] : [])
        }
        return all.prefix(room - 1).map(annotation) + [rest(all.count - (room - 1) + hidden, level)]
    }

    private func rest(_ count: Int, _ level: Finding.Level) -> WorkflowCommand {
        let what = level == .error ? "failure" : "finding"
        return WorkflowCommand(
            name: level.command, properties: [("title", "graft")],
            message: "\(count) more \(what)\(count == 1 ? "" : "s"); the summary and the result have them")
    }

    private func annotation(_ finding: Finding) -> WorkflowCommand {
        var properties: [(name: String, value: String)] = []
        if let place = finding.place {
            properties.append(("file", prefix + place.path))
            if let line = place.line { properties.append(("line", "\(line)")) }
        }
        properties.append(("title", finding.name.clipped(to: 200)))
        let lines = [finding.message.clipped(to: 1000), finding.excerpt.clipped(to: 3000)].filter { !$0.isEmpty }
        let message = lines.isEmpty ? finding.name.clipped(to: 1000) : lines.joined(separator: "\n")
        return WorkflowCommand(name: finding.level.command, properties: properties, message: message)
    }
}

extension Finding.Level {
    /// The command that shows it.
    fileprivate var command: String {
        switch self {
        case .error: "error"
        case .warning: "warning"
        case .note: "notice"
        }
    }
}

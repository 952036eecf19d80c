import Session
import Text
public import Zip

/// What a saved CI log tells: which step has failed, with which command, and why.
///
/// All of it is text of strangers: commands are proposed and never run unasked, and the model gets the rest as material.
public struct LogReading: Sendable {
    /// The commands that may be what failed, most telling first.
    public let candidates: [CommandProposal]
    /// What failed, as the output of the failed steps tells; of the whole log where it shows no steps.
    public let tests: TestReading
    /// What a person should know, a sentence each.
    public let notices: [String]
    /// The end of what the first failed step has printed, without dressing; of the log where it shows no steps.
    public let excerpt: String
    /// How the first failed step ended and whose log it is, as `exit code 1 (GitHub Actions)`; empty where the log shows
    /// no steps.
    public let ending: String

    /// The most bytes of an excerpt.
    private static let excerptLimit = 6000
    /// The most lines in which failures are looked for.
    private static let lineLimit = 50_000
    private static var finders: [any LogStepFinder.Type] {
        [
            GitHubLog.self, AzureLog.self, GitLabLog.self, CircleLog.self, TraceLog.self, ToldCommandLog.self,
        ]
    }

    /// Reads the bytes of a log, or of an archive of logs.
    ///
    /// - Throws: `ZipError` for an archive that cannot be read.
    public init(_ bytes: [UInt8]) throws(ZipError) {
        let log = try SavedLog(bytes)
        var steps: [(part: String, step: LogStep)] = []
        for part in log.parts {
            // A log is of one system: the first that knows it has it.
            let found = Self.finders.lazy.map { $0.failedSteps(in: part.lines) }.first { !$0.isEmpty } ?? []
            for step in found where !steps.contains(where: { $0.step == step }) { steps.append((part.name, step)) }
        }
        let output = steps.isEmpty ? log.parts.flatMap(\.lines) : steps.flatMap(\.step.output)
        candidates = Self.candidates(steps, output)
        tests = FailureReader.read(output.suffix(Self.lineLimit).joined(separator: "\n"))
        excerpt = Self.end(of: steps.first?.step.output ?? output)
        ending = steps.first.map { "\($0.step.ending) (\($0.step.system))" } ?? ""
        notices = log.notices
    }

    private static func candidates(_ steps: [(part: String, step: LogStep)], _ output: [String]) -> [CommandProposal] {
        var found: [CommandProposal] = []
        func add(_ line: String, _ reason: String) {
            guard line.utf8.count <= 4000, !found.contains(where: { $0.line == line }) else { return }
            found.append(CommandProposal(line, reason: reason))
        }
        for (part, step) in steps {
            guard let command = step.command.map({ String($0[...].trimmed) }), !command.isEmpty else { continue }
            let place = part.isEmpty ? "in the log" : "in the log, \(part.named)"
            let doubt = step.doubt.map { "; \($0)" } ?? ""
            add(command, "it failed \(place) with \(step.ending) (\(step.system))\(doubt)")
        }
        for (line, reason) in ToolEndings.commands(in: output) { add(line, reason) }
        return Array(found.prefix(20))
    }

    /// The last lines, as many as fit.
    private static func end(of lines: [String]) -> String {
        var kept: [Substring] = []
        var length = 0
        for line in lines.reversed() {
            let line = line[...].limited(to: 400)
            length += line.utf8.count + 1
            if length > excerptLimit { break }
            kept.append(line)
        }
        return kept.reversed().joined(separator: "\n").stripped
    }
}

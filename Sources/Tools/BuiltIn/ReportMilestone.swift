import JSON
import Responses
import Session

/// Takes note of a point of the work that the model has reached.
struct ReportMilestone: Tool {
    static let name = "report_milestone"

    var name: String { Self.name }
    let effect = ToolEffect.none

    /// The most characters that are kept of each text.
    private static let longestText = 500

    let definition = ToolDefinition.function(
        Self.name,
        "Notes what is reached, for the time when this conversation is shortened. summary is one sentence.",
        #""milestone":{"enum":["reproduced","root_cause","fix_applied","verified","progress"]},"#
            + #""summary":{"type":"string"},"evidence":{"type":"object","properties":{"#
            + #""command":{"type":"string"},"file":{"type":"string"},"line":{"type":"integer"},"#
            + #""commit":{"type":"string"}}}"#,
        required: ["milestone", "summary"])

    func run(_ call: ToolCall, in context: ToolContext) async throws(ToolRefusal) -> ToolAnswer {
        let arguments = try ToolArguments(call)
        guard let kind = Milestone.Kind(rawValue: try arguments.text("milestone")) else {
            let kinds = Milestone.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw ToolRefusal("\(name): \"milestone\" must be one of \(kinds)")
        }
        let summary = try arguments.text("summary").split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !summary.isEmpty else { throw ToolRefusal("\(name): say in \"summary\" what was found or done") }
        let evidence = try evidence(arguments)
        context.events.record(
            .milestoneReported(
                Milestone(kind, summary: Self.cut(summary), evidence: evidence, by: .model), turn: context.turn))
        return .text("Noted")
    }

    private func evidence(_ arguments: ToolArguments) throws(ToolRefusal) -> Milestone.Evidence {
        guard let json = arguments["evidence"] else { return .init() }
        guard json.kind == .object else { throw ToolRefusal("\(name): \"evidence\" must be an object") }
        let members = ToolArguments(json, tool: "\(name), evidence")
        func text(_ name: String) throws(ToolRefusal) -> String? {
            guard members[name] != nil else { return nil }
            let text = try members.text(name)
            return text.isEmpty ? nil : Self.cut(text)
        }
        return Milestone.Evidence(
            command: try text("command"), file: try text("file"), line: try members.count("line"),
            commit: try text("commit"))
    }

    private static func cut(_ text: String) -> String {
        text.count > longestText ? text.prefix(longestText) + "…" : text
    }
}

import JSON
import Repository
import Responses
import Session
import Workspace

/// Orders the finished change into a series of commits, on request.
struct OrderCommits: Tool {
    static let name = "order_commits"

    var name: String { Self.name }
    let effect = ToolEffect.none

    let definition = ToolDefinition.function(
        Self.name, "Only when asked: orders the finished change into commits. hunks holds ids such as h3 or h5-h9.",
        #""commits":{"type":"array","items":{"type":"object","#
            + #""properties":{"subject":{"type":"string"},"why":{"type":"string"},"#
            + #""hunks":{"type":"array","items":{"type":"string"}}},"required":["subject","why","hunks"]}}"#,
        required: ["commits"])

    func run(_ call: ToolCall, in context: ToolContext) async throws(ToolRefusal) -> ToolAnswer {
        guard case .function(_, let arguments) = call.request else {
            throw ToolRefusal("\(name) takes a JSON object of arguments")
        }
        guard let steps = context.steps else { throw ToolRefusal("there are no commits to order") }
        guard let diff = await steps.changeToOrder else {
            throw ToolRefusal(
                await steps.hasSeries
                    ? "the commits are ordered already"
                    : "order_commits is for when you are asked to order the finished change; go on with the task")
        }
        let plan = try SeriesPlanReader(diff: diff, messages: steps.messages).plan(arguments)
        do { return .text(Self.done(try await steps.order(plan, of: diff))) } catch {
            throw ToolRefusal(error.description)
        }
    }

    /// The answer to an order that has become a series.
    static func done(_ series: SeriesReport) -> String {
        series.commits.count == 1 ? "Done: one commit" : "Done: \(series.commits.count) commits"
    }
}

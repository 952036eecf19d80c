import JSON
public import Responses
public import Session
import Synchronization

/// Takes note of the steps that the model means to take, and of how far it has come.
///
/// The list is one item of the run from its first version on: it begins once and is updated then.
public final class UpdatePlan: Tool {
    static let name = "update_plan"

    /// None: nothing but the list that is shown.
    public let effect = ToolEffect.none

    /// A list that nobody would read shows nobody anything.
    private static let mostSteps = 30
    private static let longestStep = 200
    private static let longestExplanation = 500

    private let shown = Mutex<(item: String, list: TodoList)?>(nil)

    /// Makes the tool of a run that has no list yet.
    public init() {}

    /// As models know it from other agents.
    public var name: String { Self.name }

    /// A list of steps with their states.
    public let definition = ToolDefinition.function(
        name,
        "Shows your plan for a task of several steps. Send the whole list each time, at most one step in_progress.",
        #""explanation":{"type":"string"},"plan":{"type":"array","items":{"type":"object","properties":{"#
            + #""step":{"type":"string"},"status":{"enum":["pending","in_progress","completed"]}},"#
            + #""required":["step","status"]}}"#,
        required: ["plan"])

    /// Shows the list.
    public func run(_ call: ToolCall, in context: ToolContext) async throws(ToolRefusal) -> ToolAnswer {
        let arguments = try ToolArguments(call)
        var list = TodoList(try steps(arguments))
        if arguments["explanation"] != nil {
            let text = Self.line(try arguments.text("explanation"), atMost: Self.longestExplanation)
            list.explanation = text.isEmpty ? nil : text
        }
        record(list, callID: context.callID, in: context.events)
        return .text("Plan updated")
    }

    /// Shows a list that an earlier process of the session has left unfinished.
    public func take(_ list: TodoList, in events: any EventSink) {
        if !list.isDone { record(list, callID: nil, in: events) }
    }

    private func record(_ list: TodoList, callID: String?, in events: any EventSink) {
        let event: RunEvent? = shown.withLock { shown in
            if shown?.list == list { return nil }
            let id = shown?.item ?? events.nextItemID()
            let item = RunItem(id: id, callID: callID, content: .todoList(list))
            defer { shown = (id, list) }
            return shown == nil ? .itemStarted(item) : .itemUpdated(item)
        }
        if let event { events.record(event) }
    }

    private func steps(_ arguments: ToolArguments) throws(ToolRefusal) -> [TodoList.Step] {
        guard let plan = arguments["plan"], plan.kind == .array else {
            throw ToolRefusal("\(name): \"plan\" must be an array of objects with \"step\" and \"status\"")
        }
        let elements = Array(plan.elements)
        guard !elements.isEmpty else {
            throw ToolRefusal("\(name): the plan has no steps; one that is done has all of them as completed")
        }
        guard elements.count <= Self.mostSteps else {
            throw ToolRefusal("\(name): \(elements.count) steps; put them together into at most \(Self.mostSteps)")
        }
        var steps: [TodoList.Step] = []
        for (index, element) in elements.enumerated() {
            let place = "\(name): step \(index + 1)"
            guard element.kind == .object, let step = element["step"]?.string else {
                throw ToolRefusal("\(place) must be an object with a string \"step\"")
            }
            let text = Self.line(step, atMost: Self.longestStep)
            guard !text.isEmpty else { throw ToolRefusal("\(place) says nothing") }
            guard let status = element["status"]?.string.flatMap(TodoList.Status.init) else {
                let known = TodoList.Status.allCases.map(\.rawValue).joined(separator: ", ")
                throw ToolRefusal("\(place): \"status\" must be one of \(known)")
            }
            steps.append(.init(text, status))
        }
        let open = steps.indices.filter { steps[$0].status == .inProgress }
        guard open.count < 2 else {
            let numbers = open.map { "\($0 + 1)" }.joined(separator: ", ")
            throw ToolRefusal("\(name): steps \(numbers) are all in_progress; at most one can be")
        }
        return steps
    }

    private static func line(_ text: String, atMost limit: Int) -> String {
        let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return line.count > limit ? line.prefix(limit) + "…" : line
    }
}

public import Responses
import Text

/// The tools of a run, for one kind of server.
public struct ToolCatalog: Sendable {
    /// The definitions in every request, in a fixed order.
    public let always: [ToolDefinition]
    /// The definitions in the history.
    public let history: [ToolDefinition]
    private let tools: [any Tool]

    /// All tools of a run; a new tool is one line here.
    ///
    /// - Parameter ordersSteps: Whether the model will be asked to order its steps; the tool for it is in all requests,
    ///   so that they start with the same bytes.
    public static func standard(ordersSteps: Bool, plan: UpdatePlan = UpdatePlan()) -> [any Tool] {
        let all: [any Tool] = [
            Shell(),
            ApplyPatch(),
            StartCommand(),
            PollCommand(),
            WriteStdin(),
            StopCommand(),
            ReadOutput(),
            RunWithPermission(),
            ReportMilestone(),
            plan,
            OrderCommits(),
        ]
        return all.filter { ordersSteps || $0.name != OrderCommits.name }
    }

    /// The tools that only look.
    public static let looking: [any Tool] = [
        Shell(), StartCommand(), PollCommand(), WriteStdin(), StopCommand(), ReadOutput(),
    ]

    /// Places tools for a kind of server.
    public init(_ tools: [any Tool], for profile: ProviderProfile) {
        self.tools = tools
        switch profile {
        case .openai:
            always = tools.filter { $0.placement == .always }.map { $0.serverDefinition ?? $0.definition }
            history = tools.filter { $0.placement == .history }.map(\.definition)
        case .compatible:
            always = tools.map(\.definition)
            history = []
        }
    }

    /// The tool of a call.
    ///
    /// - Throws: `ToolRefusal` for an invalid call or an unknown name.
    func tool(for call: ToolCall) throws(ToolRefusal) -> any Tool {
        if case .malformed(let reason) = call.request { throw ToolRefusal(reason) }
        var isText = false
        if case .custom = call.request { isText = true }
        guard let tool = tools.first(where: { $0.name == call.name }), tool.takesText || !isText else {
            let names = tools.map(\.name).joined(separator: ", ")
            throw ToolRefusal("there is no tool named \(String(call.name.prefix(60)).quoted); there are \(names)")
        }
        return tool
    }
}

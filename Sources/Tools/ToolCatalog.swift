public import Responses
import Text

/// The tools that the model is offered, for one kind of server.
public struct ToolCatalog: Sendable {
    /// The definitions that go with every request, always in the same order.
    public let always: [ToolDefinition]
    /// The definitions that a server keeps with the history.
    public let history: [ToolDefinition]
    private let tools: [any Tool]

    /// All tools of a run: a new one is a line here.
    ///
    /// - Parameter ordersSteps: Whether the model will be asked to order its steps; the tool for it is there from the
    ///   first request on, so that the start of all requests stays the same.
    public static func standard(ordersSteps: Bool) -> [any Tool] {
        let all: [any Tool] = [
            Shell(),
            ApplyPatch(),
            StartCommand(),
            PollCommand(),
            WriteStdin(),
            StopCommand(),
            ReadOutput(),
            RunWithPermission(),
            OrderCommits(),
        ]
        return all.filter { ordersSteps || $0.name != OrderCommits.name }
    }

    /// Puts tools where a kind of server takes them.
    public init(_ tools: [any Tool], for profile: ProviderProfile) {
        self.tools = tools
        switch profile {
        case .openai:
            always = tools.filter { $0.placement == .always }.map { $0.builtIn ?? $0.definition }
            history = tools.filter { $0.placement == .history }.map(\.definition)
        case .compatible:
            always = tools.map(\.definition)
            history = []
        }
    }

    /// The tool that a call is for.
    ///
    /// - Throws: `ToolRefusal` for a call that cannot be read, and for a name that no tool has.
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

import Configuration
public import Responses
import Text

/// The tools of a run, for one kind of server.
public struct ToolCatalog: Sendable {
    /// The definitions in every request, in a fixed order.
    public let always: [ToolDefinition]
    /// The definitions in the history.
    public let history: [ToolDefinition]
    /// What takes the place of a search that the server refuses.
    public let searchFunctions: [ToolDefinition]
    /// The functions for skills, where a server refuses those of its shell.
    public let skillFunctions: [ToolDefinition]
    private let tools: [any Tool]

    /// All tools of a run; a new tool is one line here.
    ///
    /// - Parameter ordersSteps: Whether the model will be asked to order its steps; the tool for it is in all requests,
    ///   so that they start with the same bytes.
    public static func standard(
        ordersSteps: Bool, plan: UpdatePlan = UpdatePlan(), skills: OfferedSkills = .none
    ) -> [any Tool] {
        let all: [any Tool] = [
            Shell(skills: skills),
            ApplyPatch(),
            StartCommand(),
            PollCommand(),
            WriteStdin(),
            StopCommand(),
            ReadOutput(),
            ViewImage(),
            RunWithPermission(),
            ReportMilestone(),
            plan,
            OrderCommits(),
        ]
        return all.filter { ordersSteps || $0.name != OrderCommits.name } + reading(skills)
    }

    /// The name of the function that searches for tools, by which a history is read.
    public static let searchFunction = FindTools.name
    /// The names of the tools that only take a note, and do nothing of the work.
    public static let notingTools = [ReportMilestone.name, UpdatePlan.name]

    /// The tools that only look.
    public static func looking(skills: OfferedSkills = .none) -> [any Tool] {
        let all: [any Tool] = [
            Shell(skills: skills), StartCommand(), PollCommand(), WriteStdin(), StopCommand(), ReadOutput(),
            ViewImage(),
        ]
        return all + reading(skills)
    }

    private static func reading(_ skills: OfferedSkills) -> [any Tool] {
        skills.list.isEmpty ? [] : [ReadSkill(skills: skills)]
    }

    /// Places tools for a kind of server.
    ///
    /// - Parameters:
    ///   - hosted: The tools that run on the server.
    ///   - sources: The names of the sources from which further tools come later.
    ///   - search: How the model finds tools that are not in its history; nil for what the server has.
    public init(
        _ tools: [any Tool], for profile: ProviderProfile, hosted: [ToolDefinition] = [], sources: [String] = [],
        search: ToolSearchSettings? = nil
    ) {
        // Few of the other servers take a picture as an answer, and their shell knows no skills.
        let without = profile == .openai ? ReadSkill.name : ViewImage.name
        let reading = profile == .openai ? tools.filter { $0.name == ReadSkill.name } : []
        skillFunctions = reading.map(\.definition)
        var tools = tools.filter { $0.name != without }
        self.search = search ?? ToolSearchSettings(Settings(), for: profile)
        var always = hosted
        let functions: [any Tool] = sources.isEmpty ? [] : [FindTools(sources: sources), UseTool()]
        switch self.search.mode {
        case .function: tools += functions
        case .server: if !sources.isEmpty { always.append(.toolSearch(.server)) }
        case .client: if !sources.isEmpty { tools.append(SearchTools(sources: sources)) }
        }
        searchFunctions = self.search.mode == .function ? [] : functions.map(\.definition)
        self.tools = (self.search.mode == .function ? tools : tools + functions) + reading
        names = Set(tools.map(\.name)).union(always.contains(.toolSearch(.server)) ? ["tool_search"] : [])
        switch profile {
        case .openai:
            self.always =
                tools.filter { $0.placement == .always }.map { $0.serverDefinition ?? $0.definition } + always
            history = tools.filter { $0.placement == .history }.map(\.definition)
        case .compatible:
            self.always = tools.filter { $0.placement != .unlisted }.map(\.definition) + always
            history = []
        }
        hasNamespaces = profile == .openai
    }

    /// What the model is shown from the beginning, by name; a search of the server's by its type.
    public let names: Set<String>
    private let search: ToolSearchSettings
    private let hasNamespaces: Bool

    /// Whether all tools must be known before the first request: what comes later changes what the server has cached.
    public var waitsForSources: Bool { !hasNamespaces }

    /// A shelf for further tools beside those of the catalog.
    ///
    /// - Parameter given: The items of the history that have added tools, if a session goes on.
    public func shelf(of sources: [any ToolSource], given: [Item] = []) -> ToolShelf {
        let spent = (always + history).reduce(0) { $0 + $1.tokenEstimate }
        return ToolShelf(sources, ToolPlacing(search, hasNamespaces: hasNamespaces, spent: spent), given: given)
    }

    /// Ends what the tools keep.
    func close() async { for tool in tools { await tool.close() } }

    /// The tool of a call.
    ///
    /// - Throws: `ToolRefusal` for an invalid call or an unknown name.
    func tool(for call: ToolCall, on shelf: ToolShelf?) async throws(ToolRefusal) -> any Tool {
        if case .malformed(let reason) = call.request { throw ToolRefusal(reason) }
        var isText = false
        if case .custom = call.request { isText = true }
        let own = call.namespace == nil ? tools.first { $0.name == call.name } : nil
        let tool = if let own { own } else { await shelf?.tool(call.name, in: call.namespace) }
        guard let tool, tool.takesText || !isText else {
            let name = call.namespace.map { "\($0).\(call.name)" } ?? call.name
            let names = (tools.map(\.name).filter(self.names.contains) + (shelf?.names.prefix(40) ?? [])).joined(
                separator: ", ")
            throw ToolRefusal("there is no tool named \(String(name.prefix(120)).quoted); there are \(names)")
        }
        return tool
    }
}

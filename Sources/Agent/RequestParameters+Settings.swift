import Configuration
import Responses
import Tools

extension Settings {
    /// Who answers the server when it asks whether it may call a tool of an MCP server; none where it has none.
    var serverApprovals: [ServerApproval] {
        let hasServer = tools.choices.contains { if case .mcp = $0 { true } else { false } }
        return hasServer ? [ServerApproval(toolSettings.servers)] : []
    }
}

extension RequestParameters {
    /// What the settings say of requests, with the tools of a run.
    ///
    /// - Parameter hosted: Those of the tools that run on the server.
    init(_ settings: Settings, catalog: ToolCatalog, hosted: [HostedTool] = []) {
        self.init(
            model: settings.model ?? "", effort: settings.effort?.start, verbosity: settings.verbosity?.start,
            tools: catalog.always, historyTools: catalog.history)
        searchFunctions = catalog.searchFunctions
        skillFunctions = catalog.skillFunctions
        inclusions = hosted.compactMap(\.inclusion)
        cacheRetention = settings.cacheRetention?.rawValue
        if settings.zeroRetention == true { storage = .never }
    }
}

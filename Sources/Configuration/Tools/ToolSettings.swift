public import Responses

/// The parameters of tools beyond the usual ones; from the user's file only.
public struct ToolSettings: Sendable, Equatable {
    /// Of the web search.
    public var webSearch: WebSearch?
    /// Of the search in files.
    public var fileSearch: FileSearch?
    /// Of the Python that the server runs.
    public var codeInterpreter: CodeInterpreter?
    /// Of the making of pictures.
    public var imageGeneration: ImageGeneration?
    /// Of the browser on this machine.
    public var computer: BrowserUse?
    /// The MCP servers, by their labels.
    public var servers: [String: RemoteServer] = [:]

    /// Sets nothing.
    public init() {}

    /// These parameters; `other` supplies those of tools and servers that have none here.
    func over(_ other: ToolSettings) -> ToolSettings {
        var merged = self
        merged.webSearch = webSearch ?? other.webSearch
        merged.fileSearch = fileSearch ?? other.fileSearch
        merged.codeInterpreter = codeInterpreter ?? other.codeInterpreter
        merged.imageGeneration = imageGeneration ?? other.imageGeneration
        merged.computer = computer ?? other.computer
        merged.servers = servers.merging(other.servers) { own, _ in own }
        return merged
    }
}

/// How far the browser may be used.
public struct BrowserUse: Sendable, Equatable {
    /// The most actions of a run; nil for the usual number.
    public var actionLimit: Int?
}

extension Settings {
    /// The tools that run on the server, with their parameters, in an order that is the same every time.
    ///
    /// - Parameter environment: Holds the secrets that the configuration names.
    /// - Throws: `.value` where a tool lacks what it needs.
    public func hostedTools(environment: [String: String]) throws(ConfigurationError) -> [HostedTool] {
        var tools: [HostedTool] = []
        for choice in Self.ordered(self.tools.choices) {
            switch choice {
            case .webSearch: tools.append(.webSearch(toolSettings.webSearch ?? WebSearch()))
            case .fileSearch(let stores): tools.append(.fileSearch(try fileSearch(stores)))
            case .codeInterpreter: tools.append(.codeInterpreter(toolSettings.codeInterpreter ?? CodeInterpreter()))
            case .imageGeneration: tools.append(.imageGeneration(toolSettings.imageGeneration ?? ImageGeneration()))
            case .mcp(let label, let address): tools.append(.mcp(try server(label, address, environment)))
            case .computer: break
            }
        }
        return tools
    }

    /// The environment variables that hold secrets for MCP servers.
    public var secretVariables: Set<String> {
        Set(toolSettings.servers.values.flatMap { Array($0.headers.values) + [$0.authorization].compactMap(\.self) })
    }

    /// Checks the chosen tools, before anything is prepared.
    ///
    /// - Throws: `.value` for tools that the server has not, and for one that lacks what it needs.
    func checkTools() throws(ConfigurationError) {
        let hosted = tools.choices.filter(\.isHosted)
        if provider == .compatible, let first = hosted.first {
            throw ConfigurationError(
                .value,
                "servers of the kind compatible have no tools of their own, such as \(first)",
                nextStep: "leave it out (--tool none, if your configuration turns it on)")
        }
        for choice in hosted {
            switch choice {
            case .fileSearch(let stores): _ = try fileSearch(stores)
            case .mcp(let label, nil) where toolSettings.servers[label] == nil:
                let known = toolSettings.servers.keys.sorted()
                throw ConfigurationError(
                    .value, "there is no [tools.mcp.\(label)] in your configuration",
                    nextStep: known.isEmpty
                        ? "give the address: --tool mcp=\(label)=https://HOST/PATH"
                        : "there are \(known.joined(separator: ", "))")
            default: break
            }
        }
    }

    /// Tools first, in the order of their names' list, then servers by label.
    private static func ordered(_ choices: [ToolChoice]) -> [ToolChoice] {
        func rank(_ choice: ToolChoice) -> (Int, String) {
            switch choice {
            case .webSearch: (0, "")
            case .fileSearch: (1, "")
            case .codeInterpreter: (2, "")
            case .imageGeneration: (3, "")
            case .mcp(let label, _): (4, label)
            case .computer: (5, "")
            }
        }
        return choices.sorted { rank($0) < rank($1) }
    }

    private func fileSearch(_ stores: [String]) throws(ConfigurationError) -> FileSearch {
        var tool = toolSettings.fileSearch ?? FileSearch()
        if !stores.isEmpty { tool.stores = stores }
        guard !tool.stores.isEmpty else {
            throw ConfigurationError(
                .value, "file_search needs the stores to search",
                nextStep: "name them, as in --tool file_search=vs_abc, or as vector_store_ids in [tools.file_search]")
        }
        return tool
    }

    private func server(
        _ label: String, _ address: HostedServer.Address?, _ environment: [String: String]
    ) throws(ConfigurationError) -> HostedServer {
        var remote = toolSettings.servers[label] ?? RemoteServer()
        if let address {
            // A token is for the server that it was given for.
            if remote.address != address { remote = RemoteServer() }
            remote.address = address
        }
        return try remote.resolved(as: label, environment: environment)
    }
}

public import Configuration
public import Tools

/// The servers of a run.
public struct MCPServers: Sendable {
    private let all: [MCPSource]

    /// Prepares servers; each is started when its tools are asked for.
    ///
    /// - Parameters:
    ///   - servers: Those that are enabled are used.
    ///   - place: Where programs run.
    ///   - ask: Asks the person what servers want to know; nil if there is nobody.
    ///   - tell: Tells a person something in a sentence.
    public init(
        _ servers: [MCPServer], in place: ServerPlace, ask: ElicitationQuestion?,
        tell: @escaping @Sendable (String) -> Void
    ) {
        all = servers.filter(\.isEnabled).map { MCPSource($0, in: place, ask: ask, tell: tell) }
    }

    /// The names of the namespaces that their tools will have.
    public static func namespaces(of servers: [MCPServer]) -> [String] {
        servers.filter(\.isEnabled).map(MCPSource.namespace)
    }

    /// Where their tools come from.
    public var sources: [any ToolSource] { all }

    /// Waits for the servers without which the run makes no sense.
    ///
    /// - Throws: Why one of them cannot be used, with its name.
    public func requireStarted() async throws(MCPError) {
        for source in all where source.isAwaited {
            let server = source.running.server
            do throws(MCPError) { _ = try await source.running.ready() } catch {
                throw MCPError(
                    error.code, "the MCP server \(server.name) is required and cannot be used: \(error.message)",
                    nextStep: error.nextStep ?? "try it with graft mcp test \(server.name)")
            }
        }
    }
}

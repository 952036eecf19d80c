import ArgumentParser

/// `graft mcp`: servers of the Model Context Protocol.
struct MCPCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mcp",
        abstract: "Servers of the Model Context Protocol (MCP): list, try, add and remove them; or be one.",
        subcommands: [
            MCPListCommand.self, MCPTestCommand.self, MCPAddCommand.self, MCPRemoveCommand.self, MCPAllowCommand.self,
            MCPDenyCommand.self, MCPServeCommand.self,
        ])
}

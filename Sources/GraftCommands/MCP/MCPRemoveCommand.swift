import ArgumentParser
import Configuration
import Text

/// `graft mcp remove NAME`: takes a server out of the user's configuration.
struct MCPRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Take a server out of your configuration.")

    @Argument(help: ArgumentHelp("The server's name.", valueName: "name"))
    var name: String

    func run() async throws {
        let environment = ProcessEnvironment.current
        let file = try ConfigurationFile(environment: environment)
        guard file.servers.contains(where: { $0.name == name }) else {
            let known = try KnownServers(environment: environment)
            if let (server, _) = known.server(name) {
                throw Refusal(
                    "the MCP server \(name) is written down in \(server.shownOrigin), which is not Graft's; "
                        + "graft mcp deny \(server.shownOrigin.quotedForShell) keeps it out", code: 1)
            }
            throw Refusal("\(file.path) has no MCP server \(name.quoted)", code: 1)
        }
        try file.removing(name)
        StandardOutput().write("removed \(name) from \(file.path.marked)\n")
    }
}

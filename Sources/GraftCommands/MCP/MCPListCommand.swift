import ArgumentParser
import Configuration
import JSON
import MCP
import Terminal
import Text

/// `graft mcp list`: the servers that are known here.
struct MCPListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the servers that are known here, and where each is written down.")

    @Flag(help: "Print one JSON object.")
    var json = false

    /// A server and whether it is used.
    private struct Row {
        let server: MCPServer
        let state: String
    }

    func run() async throws {
        let environment = ProcessEnvironment.current
        let known = try KnownServers(environment: environment)
        let rows = Self.rows(known.choice)
        for notice in known.choice.notices { StandardError.write("graft: \(notice.marked)") }
        let output = StandardOutput()
        if json {
            var writer = JSONWriter()
            writer.object {
                $0.member(
                    "servers", array: { for row in rows { $0.object { Self.write(row, environment, into: &$0) } } })
            }
            return output.write(writer.bytes + [0x0A])
        }
        guard !rows.isEmpty else {
            return StandardError.write(
                "graft: no MCP servers; graft mcp add NAME -- COMMAND writes one into your configuration")
        }
        var table = TextTable([
            .init(title: "NAME"), .init(title: "STATE"), .init(title: "FROM"), .init(title: "MAY", isSpare: true),
            .init(title: "SERVER"),
        ])
        for row in rows {
            table.add([
                row.server.name, row.state, row.server.shownOrigin, row.server.rights,
                row.server.shownPlace(environment),
            ])
        }
        let style = TerminalStyle(descriptor: 1, environment: environment)
        output.write(table.lines(width: ScreenSize.columns(of: 1), style: style).joined(separator: "\n") + "\n")
        for source in known.choice.undecided { StandardError.write("graft: \(source.untrustedNotice.marked)") }
    }

    private static func rows(_ choice: ServerChoice) -> [Row] {
        var rows = choice.used.map { Row(server: $0, state: $0.isEnabled ? "on" : "off") }
        for asked in choice.others where asked.answer != true {
            for server in asked.source.servers {
                rows.append(Row(server: server, state: asked.answer == nil ? "needs a yes" : "refused"))
            }
        }
        return rows
    }

    private static func write(_ row: Row, _ environment: [String: String], into writer: inout JSONWriter) {
        writer.member("name", row.server.name)
        writer.member("state", row.state)
        writer.member("from", row.server.shownOrigin)
        switch row.server.place {
        case .command: writer.member("command", row.server.shownPlace(environment))
        case .url: writer.member("url", row.server.shownPlace(environment))
        }
        writer.member("rights", row.server.rights)
        writer.member("required", row.server.isRequired)
    }
}

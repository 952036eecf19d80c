import ArgumentParser
import Configuration
import MCP
import Session
import Text

/// `graft mcp allow FILE`: says yes to the servers of a file.
struct MCPAllowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "allow", abstract: "Let runs start the servers of a repository's file, or of Codex's.",
        discussion: """
            Shows what is allowed. The answer is for these servers as they are written: a file that has changed needs a \
            new one.
            """)

    @Argument(help: ArgumentHelp("The file, as graft mcp list names it.", valueName: "file"))
    var file: String = ServerSource.projectFile

    func run() async throws {
        let environment = ProcessEnvironment.current
        let source = try ServerAnswer.keep(true, file, environment)
        let output = StandardOutput()
        output.write("allowed, as written in \(source.file.marked):\n")
        for line in source.servers.flatMap({ $0.lines(environment) }) { output.write("  \(line.markedLine)\n") }
    }
}

/// `graft mcp deny FILE`: says no to the servers of a file.
struct MCPDenyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deny", abstract: "Never start the servers of a file, and never ask about them again.")

    @Argument(help: ArgumentHelp("The file, as graft mcp list names it.", valueName: "file"))
    var file: String = ServerSource.projectFile

    func run() async throws {
        let source = try ServerAnswer.keep(false, file, ProcessEnvironment.current)
        StandardOutput().write("refused, as written in \(source.file.marked)\n")
    }
}

/// Keeps answers about files that name servers.
enum ServerAnswer {
    /// Keeps an answer to a file, and returns what it names.
    static func keep(_ isTrusted: Bool, _ file: String, _ environment: [String: String]) throws -> ServerSource {
        let known = try KnownServers(environment: environment)
        guard let source = known.source(file) else {
            let files = known.choice.others.map(\.source.file)
            throw Refusal(
                "\(file.quoted) is no file with MCP servers here"
                    + (files.isEmpty ? "" : "; there is \(files.joined(separator: ", "))"))
        }
        for notice in source.notices { StandardError.write("graft: \(source.file.marked): \(notice.marked)") }
        guard !source.servers.isEmpty else { throw Refusal("\(source.file) names no MCP server", code: 1) }
        try SessionFolder.makeRoot(environment: environment)
        try known.trust.remember(isTrusted, of: source)
        return source
    }
}

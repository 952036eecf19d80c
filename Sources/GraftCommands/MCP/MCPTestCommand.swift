import ArgumentParser
import Configuration
import MCP
import OS
import Sandbox
import Session
import Terminal
import Text
import Workspace

/// `graft mcp test NAME`: starts a server as a run would, and says what it offers.
struct MCPTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Start a server as a run does, and say what it offers; the exit code tells.")

    @Argument(help: ArgumentHelp("The server's name.", valueName: "name"))
    var name: String

    func run() async throws {
        let environment = ProcessEnvironment.current
        let known = try KnownServers(environment: environment)
        guard let (server, isAllowed) = known.server(name) else {
            let names = known.choice.used.map(\.name)
            let hint = NearName.of(name, in: names).map { "; did you mean \($0)?" } ?? ""
            throw Refusal("there is no MCP server \(name.quoted)\(hint); graft mcp list shows those that are known")
        }
        guard isAllowed else {
            throw Refusal(
                "the MCP server \(name) is of \(server.shownOrigin), and is started when you have allowed that: "
                    + "graft mcp allow \(server.shownOrigin.quotedForShell)", code: 1)
        }
        for notice in known.choice.notices { StandardError.write("graft: \(notice.marked)") }
        let view = try TemporaryGitView(of: known.root, environment: environment)
        defer { view.remove() }
        let place = try await Self.place(root: known.root, view, environment)
        let task = Task { try await ServerTrial.run(server, in: place) }
        Signals.handle { _, _ in task.cancel() }
        let style = TerminalStyle(descriptor: 1, environment: environment)
        let output = StandardOutput()
        do {
            let trial = try await task.value
            output.write(text(of: trial, server, style).joined(separator: "\n") + "\n")
        } catch let error as MCPError {
            view.remove()
            throw Refusal("the MCP server \(name) cannot be used: \(error.description.marked)", code: 1)
        }
    }

    private func text(of trial: ServerTrial, _ server: MCPServer, _ style: TerminalStyle) -> [String] {
        let count = trial.tools.count == 1 ? "1 tool" : "\(trial.tools.count) tools"
        let title = trial.facts.title.isEmpty ? "" : " (\(trial.facts.title.markedLine))"
        var lines = [
            "\(style(.good, "✓")) \(name)\(title): \(count) in \(trial.duration.spelled), protocol of \(trial.facts.revision)"
        ]
        lines += trial.notices.map { "  \(style(.warning, "!")) \($0.markedLine)" }
        let width = trial.tools.map { $0.name.markedLine.count }.max() ?? 0
        for tool in trial.tools {
            let first = tool.description.split(whereSeparator: \.isNewline).first.map { String($0).markedLine } ?? ""
            let line = "  \(tool.name.markedLine.padded(to: min(width, 40)))  \(first)"
            lines.append(ScreenSize.columns(of: 1).map { line.cut(toColumns: $0) } ?? line)
        }
        return lines
    }

    /// The sandbox of a run's commands, for the checkout as it is.
    static func place(
        root: String, _ view: TemporaryGitView, _ environment: [String: String]
    ) async throws -> ServerPlace {
        let home = environment["HOME"] ?? "/root"
        let profile = try Settings.file(environment: environment).policy?.profile(home: home) ?? SandboxProfile()
        let secrets = SandboxPolicy.secretPaths(home: home) + [SessionFolder.root(environment: environment)]
        var policy = SandboxPolicy(workingTree: root, hiddenPaths: secrets)
        policy.closeHomes(environment: environment, projects: [root])
        policy.apply(profile, home: home)
        view.git.install(in: &policy)
        let variables = SandboxEnvironment.build(from: environment, allow: profile.variables ?? [], home: home)
        let sandbox = try await Sandbox.probe(
            policy: policy, searchPath: variables["PATH"] ?? "", isForOneCommand: true)
        return ServerPlace(sandbox: sandbox, variables: variables, environment: environment, logs: nil)
    }
}

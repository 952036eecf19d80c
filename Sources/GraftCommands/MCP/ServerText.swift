import Configuration
import MCP
import Sandbox
import Text

extension MCPServer {
    /// What is started or asked, on one line, with its secrets masked.
    func shownPlace(_ environment: [String: String]) -> String {
        let text =
            switch place {
            case .command(let program):
                ([program.command] + program.arguments).map { $0.quotedForShell }.joined(separator: " ")
            case .url(let remote): remote.url
            }
        return mask(environment).masked(text)
    }

    /// What it may do, in a few words.
    var rights: String {
        guard case .command = place else { return asksForCalls ? "each call asks" : "see what it is sent" }
        let granted: SandboxProfile
        switch policy {
        case nil: return "read the tree"
        case .named(let name): return "as the policy \(name)"
        case .spelledOut(let profile): granted = profile
        }
        var words = [granted.isTreeWritable == true ? "write to the tree" : "read the tree"]
        switch granted.network {
        case .all: words.append("use the network")
        case .hosts: words.append("reach \(granted.hosts?.map(\.description).joined(separator: ", ") ?? "nobody")")
        case .loopback: words.append("use loopback")
        case .some(.none), nil: break
        }
        if let paths = granted.writablePaths, !paths.isEmpty {
            words.append("write to \(paths.joined(separator: ", "))")
        }
        if let paths = granted.readablePaths, !paths.isEmpty { words.append("read \(paths.joined(separator: ", "))") }
        return words.joined(separator: ", ")
    }

    /// Where it is written down.
    var shownOrigin: String {
        switch origin {
        case .user: "config.toml"
        case .repository(let file), .otherAgent(let file): file
        }
    }

    /// What a person should see before saying yes: what runs, and what goes to it.
    func lines(_ environment: [String: String]) -> [String] {
        var lines = ["\(name): \(shownPlace(environment))"]
        switch place {
        case .command(let program):
            let names = program.passedVariables + program.variables.keys.sorted()
            if !names.isEmpty { lines.append("  gets \(names.joined(separator: ", "))") }
            if let folder = program.directory { lines.append("  in \(folder)") }
        case .url(let remote):
            let names =
                [remote.tokenVariable].compactMap { $0 } + remote.headerVariables.values.sorted()
                + remote.headers.keys.sorted()
            if !names.isEmpty { lines.append("  gets \(names.joined(separator: ", "))") }
        }
        return lines
    }
}

public import Configuration
import Text

/// Which servers are used: the user's own, and those of other files to which the user has said yes.
public struct ServerChoice: Sendable {
    /// A file that names servers, and what the user has answered about it.
    public struct Asked: Sendable {
        /// The file and its servers.
        public let source: ServerSource
        /// The answer; nil if nobody has been asked.
        public var answer: Bool?
    }

    /// The user's own.
    public let own: [MCPServer]
    /// Those of other files.
    public private(set) var others: [Asked]

    /// Looks at the files that may name servers; two looks if there are none.
    ///
    /// - Parameters:
    ///   - own: The servers of the user's configuration.
    ///   - repository: Those of the repository's own configuration.
    ///   - root: The checkout's root; nil outside of a repository.
    ///   - trust: The answers so far.
    public init(
        own: [MCPServer], repository: [MCPServer], root: String?, environment: [String: String], trust: ServerTrust
    ) {
        self.own = own
        var sources: [ServerSource?] = []
        if let root {
            sources.append(.repository(repository, file: ".graft/config.toml", root: root))
            sources.append(.project(root: root))
        }
        sources.append(.codex(environment: environment))
        others = sources.compactMap { $0 }.map { source in
            Asked(source: source, answer: source.servers.isEmpty ? nil : trust.answer(to: source))
        }
    }

    /// The servers to use: of two with one name the user's own comes first.
    public var used: [MCPServer] { named.used }

    /// The files about which nobody has been asked.
    public var undecided: [ServerSource] {
        others.filter { asked in
            asked.answer == nil && asked.source.servers.contains { server in !own.contains { $0.name == server.name } }
        }.map(\.source)
    }

    /// Takes an answer about a file.
    public mutating func decide(_ source: ServerSource, _ isTrusted: Bool) {
        for index in others.indices where others[index].source == source { others[index].answer = isTrusted }
    }

    /// What a person should know of what is used, in sentences.
    public var notices: [String] {
        var notices = others.filter { $0.answer != false }.flatMap { asked in
            asked.source.notices.map { "\(asked.source.file): \($0)" }
        }
        for (server, file) in named.hidden {
            notices.append("\(file) names the MCP server \(server), too; the first one is used")
        }
        return notices
    }

    private var named: (used: [MCPServer], hidden: [(server: String, file: String)]) {
        var (used, hidden) = (own, [(server: String, file: String)]())
        for asked in others where asked.answer == true {
            for server in asked.source.servers {
                if used.contains(where: { $0.name == server.name }) {
                    hidden.append((server.name, asked.source.file))
                } else {
                    used.append(server)
                }
            }
        }
        return (used, hidden)
    }
}

extension ServerSource {
    /// What to tell where nobody can be asked: that its servers are not used, and what changes that.
    public var untrustedNotice: String {
        let names = servers.prefix(5).map(\.name).joined(separator: ", ") + (servers.count > 5 ? " and more" : "")
        let (noun, verb) = servers.count == 1 ? ("the MCP server", "is") : ("the MCP servers", "are")
        return
            "\(noun) \(names) of \(file) \(verb) not used before you allow it: graft mcp allow \(file.quotedForShell)"
    }
}

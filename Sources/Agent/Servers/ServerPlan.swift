import Configuration
import MCP
import OS
import Sandbox
import Session
import Synchronization
import Tools

/// The MCP servers of a run: which are used, and those that run.
struct ServerPlan: Sendable {
    private var choice: ServerChoice
    private let trust: ServerTrust
    private let environment: [String: String]
    private let questions: ServerQuestions
    private let running = RunningServers()
    /// What a person should know of the choice, in sentences.
    private(set) var notices: [String] = []

    /// The servers once they are started.
    private final class RunningServers: Sendable {
        let all = Mutex<MCPServers?>(nil)
    }

    /// Looks which servers there are; nothing is started.
    ///
    /// - Parameters:
    ///   - root: The checkout's root.
    ///   - questions: Whom to ask; nobody is asked about approvals that are never given.
    init(
        own: Settings, repository: Settings, root: String, environment: [String: String], questions: ServerQuestions
    ) {
        trust = ServerTrust(root: SessionFolder.root(environment: environment))
        choice = ServerChoice(
            own: own.servers, repository: repository.servers, root: root, environment: environment, trust: trust)
        self.environment = environment
        self.questions = own.approvals == .never ? ServerQuestions() : questions
    }

    /// Asks about files that nobody has answered for; without an answer their servers are not used, and that is told.
    mutating func decide() async {
        for source in choice.undecided {
            guard let ask = questions.trust, let isTrusted = await ask(source) else {
                notices.append(source.untrustedNotice)
                continue
            }
            choice.decide(source, isTrusted)
            do {
                try SessionFolder.makeRoot(environment: environment)
                try trust.remember(isTrusted, of: source)
            } catch { notices.append("the answer about \(source.file) is not kept: \(error)") }
        }
        notices += choice.notices
    }

    /// The names of the namespaces that there will be.
    var namespaces: [String] { MCPServers.namespaces(of: choice.used) }

    /// Whether there are none.
    var isEmpty: Bool { !choice.used.contains(where: \.isEnabled) }

    /// The servers as sources of tools, beside the commands of a sandbox.
    ///
    /// - Parameters:
    ///   - variables: The environment of commands.
    ///   - logs: The folder for what servers print as errors.
    func sources(
        beside sandbox: Sandbox, variables: SandboxEnvironment, logs: String, events: any EventSink
    ) -> [any ToolSource] {
        if isEmpty { return [] }
        let servers = MCPServers(
            choice.used,
            in: ServerPlace(sandbox: sandbox, variables: variables, environment: environment, logs: logs),
            ask: questions.elicitation, tell: { events.record(.notice($0)) })
        running.all.withLock { $0 = servers }
        return servers.sources
    }

    /// Waits for the servers without which the run makes no sense.
    ///
    /// - Throws: `RunEnding` with the verdict `usage` if one of them cannot be used.
    func requireStarted() async throws {
        guard let servers = running.all.withLock({ $0 }) else { return }
        do throws(MCPError) { try await servers.requireStarted() } catch {
            try Task.checkCancellation()
            throw RunEnding(.usage, error.description)
        }
    }
}

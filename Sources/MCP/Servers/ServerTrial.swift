public import Configuration
import Synchronization

/// A look at one server: whether it starts, and what it offers.
public struct ServerTrial: Sendable {
    /// A tool that it offers.
    public struct Tool: Sendable {
        /// The name that the server gives it.
        public let name: String
        /// The server's description, cut.
        public let description: String
    }

    /// What it says of itself.
    public let facts: ServerFacts
    /// Its tools, after enabled_tools and disabled_tools.
    public let tools: [Tool]
    /// What is worth knowing, in sentences.
    public let notices: [String]
    /// How long it took to start and to name its tools.
    public let duration: Duration

    /// Starts a server, lists its tools and ends it.
    ///
    /// - Throws: Why it cannot be used.
    public static func run(_ server: MCPServer, in place: ServerPlace) async throws(MCPError) -> ServerTrial {
        let notices = Notices()
        let start = ContinuousClock.now
        let running = RunningServer(
            server, in: place, ask: nil, tell: { text in notices.all.withLock { $0.append(text) } }, changed: {})
        do throws(MCPError) {
            let facts = try await running.ready()
            let duration = ContinuousClock.now - start
            await running.stop()
            return ServerTrial(
                facts: facts, tools: running.tools.map { Tool(name: $0.tool.name, description: $0.tool.description) },
                notices: notices.all.withLock { $0 }, duration: duration)
        } catch {
            await running.stop()
            throw error
        }
    }

    private final class Notices: Sendable {
        let all = Mutex<[String]>([])
    }
}

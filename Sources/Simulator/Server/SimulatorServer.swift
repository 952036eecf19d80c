import Glibc
import Synchronization

/// A Responses API server that plays a scenario.
///
/// It listens on 127.0.0.1 with a thread of its own, over HTTP and WebSocket, for any number of clients. The scenario
/// is played from its start for each new chain of responses.
public final class SimulatorServer: Sendable {
    /// How a server runs.
    public struct Configuration: Sendable {
        /// The port; 0 takes a free one.
        public var port: UInt16 = 0
        /// Whether requests that the real API tolerates, such as two at once on one lane, are refused.
        public var isStrict = true
        /// Paths of a certificate and its key, both PEM; plain HTTP without them.
        public var tls: (certificate: String, key: String)?
        /// Where identifiers start; the same seed and the same requests give the same identifiers.
        public var seed: UInt64 = 0
        /// What is called, on the server's thread, when the last turn is answered and no client is left.
        public var whenOver: (@Sendable () -> Void)?

        /// The defaults: a free port, strict, no TLS.
        public init() {}
    }

    /// The most that one message or body may have, in bytes.
    public static let messageLimit = 256 << 20

    /// What was received and when it was answered.
    public let log: SimulatorLog
    private let scenario: Scenario
    private let configuration: Configuration
    private let state = Mutex(State())

    private struct State {
        var runner: ServiceRunner?
        var port: UInt16 = 0
    }

    /// Makes a server that does not run yet.
    public init(scenario: Scenario, configuration: Configuration = .init(), log: SimulatorLog) {
        self.scenario = scenario
        self.configuration = configuration
        self.log = log
    }

    /// Makes a server with a log in memory.
    public convenience init(scenario: Scenario, configuration: Configuration = .init()) throws(ServerError) {
        self.init(scenario: scenario, configuration: configuration, log: try SimulatorLog())
    }

    deinit { stop() }

    /// The port that it listens on; 0 when it does not run.
    public var port: UInt16 { state.withLock { $0.port } }

    /// The address for `OPENAI_BASE_URL`.
    public var baseURL: String { "\(configuration.tls == nil ? "http" : "https")://127.0.0.1:\(port)/v1" }

    /// Starts to listen, and returns when clients can connect; fails if the port is taken or TLS cannot be set up.
    public func start() throws(ServerError) {
        let service = Service(scenario: scenario, configuration: configuration, log: log)
        let (runner, port) = try ServiceRunner.start(service)
        state.withLock { state in
            state.runner = runner
            state.port = port
        }
    }

    /// Closes every connection and waits for the thread to end; may be called again.
    public func stop() {
        let runner = state.withLock { state in
            state.port = 0
            return state.runner.take()
        }
        runner?.stop()
    }
}

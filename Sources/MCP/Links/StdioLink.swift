import Configuration
import JSONRPC
import Sandbox
import Synchronization
import Text

/// A server that Graft starts, over its standard streams: a message a line (MCP, "stdio").
///
/// What it prints as errors is a log; its last line explains an end.
final class StdioLink: MCPLink {
    private struct State {
        var splitter = LineSplitter(limit: LinkLimits.message)
        var running: PipedCommand?
        var errors: [UInt8] = []
        var isClosing = false
    }

    private static let errorLimit = 8 * 1024
    private static let patience: Duration = .milliseconds(1500)

    private let program: MCPServer.Program
    private let server: MCPServer
    private let place: ServerPlace
    private let receive: @Sendable (LinkEvent) -> Void
    private let state = Mutex(State())

    /// Makes a link that is not started.
    init(
        _ program: MCPServer.Program, of server: MCPServer, in place: ServerPlace,
        receive: @escaping @Sendable (LinkEvent) -> Void
    ) {
        self.program = program
        self.server = server
        self.place = place
        self.receive = receive
    }

    func start() async throws(MCPError) {
        let running = try await place.start(
            program, of: server, onOutput: { [weak self] in self?.take($0) }, onEnd: { [weak self] in self?.end($0) })
        let isClosing = state.withLock { state in
            state.running = running
            return state.isClosing
        }
        if isClosing { running.stop() }
    }

    func send(_ message: OutgoingMessage) throws(MCPError) {
        guard let running = state.withLock({ $0.running }), running.result == nil else {
            throw MCPError(.closed, "it has ended")
        }
        guard running.write(message.bytes + [UInt8(ascii: "\n")]) else {
            throw MCPError(
                message.bytes.count > 1 << 20 ? .tooLarge : .closed,
                message.bytes.count > 1 << 20 ? "the request is larger than 1 MB" : "it does not read what it is asked")
        }
    }

    func close() async {
        let running = state.withLock { state in
            state.isClosing = true
            return state.running
        }
        guard let running else { return }
        running.closeInput()
        // One that does not end with its input is terminated, and then killed.
        let patience = Task {
            guard (try? await Task.sleep(for: Self.patience)) != nil else { return }
            running.stop()
        }
        _ = await running.end()
        patience.cancel()
    }

    private func take(_ chunk: CommandRequest.Chunk) {
        guard chunk.stream == .stdout else {
            state.withLock { $0.errors = Array(($0.errors + chunk.bytes).suffix(Self.errorLimit)) }
            return
        }
        for piece in state.withLock({ $0.splitter.feed(chunk.bytes) }) {
            switch piece {
            case .line(let bytes):
                for message in RPCMessage.read(bytes) {
                    receive(LinkEvent(message, bytes))
                }
            case .oversized(let head, let tail, let byteCount):
                receive(.oversized(RPCID.ofOversized(head: head, tail: tail), byteCount: byteCount))
            }
        }
        let pending = state.withLock { $0.splitter.droppedBytes }
        // A line without end is no answer that anybody could wait for.
        if pending > LinkLimits.noise { receive(.noise("", byteCount: pending)) }
    }

    private func end(_ result: CommandResult) {
        let (errors, isClosing) = state.withLock { ($0.errors, $0.isClosing) }
        var message = isClosing ? "it was ended" : "it has ended: \(result.outcome.words)"
        if !isClosing, let line = Self.lastLine(errors) { message += ": \(line)" }
        var nextStep: String?
        if !isClosing, let closed = result.closedPaths.first {
            nextStep =
                "its sandbox does not show \(closed.path.named): grant it with read in [mcp.\(server.name).policy]"
        } else if !isClosing, let host = result.deniedHosts.first {
            nextStep =
                "its policy does not let it reach \(host.named): grant it with hosts in [mcp.\(server.name).policy]"
        }
        if case .notStarted(let reason) = result.outcome {
            return receive(.closed(MCPError(.notStarted, "cannot be started: \(reason)", nextStep: nextStep)))
        }
        receive(.closed(MCPError(.closed, message, nextStep: nextStep)))
    }

    private static func lastLine(_ errors: [UInt8]) -> String? {
        String(decoding: errors, as: UTF8.self).split(whereSeparator: \.isNewline)
            .last { $0.contains { !$0.isWhitespace } }.map { String($0).bounded(300) }
    }
}

extension CommandResult.Outcome {
    /// How a server ended, in a few words.
    fileprivate var words: String {
        switch self {
        case .exited(let status): "exit status \(status)"
        case .signalled(let signal): "signal \(signal)"
        case .timedOut: "timed out"
        case .cancelled: "stopped"
        case .notStarted(let message): message
        }
    }
}

import JSON
import JSONRPC
import Synchronization
import Text

/// Pairs requests with their answers over a link, each within its time.
///
/// Progress and questions of the server move the deadline of what waits, up to a hard one.
final class Peer: Sendable {
    /// How long a request may take.
    struct TimeLimits: Sendable {
        /// Without a word from the server.
        var idle: Duration
        /// With all progress.
        var total: Duration

        init(_ idle: Duration, total: Duration? = nil) {
            self.idle = idle
            self.total = max(idle, total ?? idle)
        }
    }

    /// What the server says by itself.
    struct Handlers: Sendable {
        /// Answers a request of the server.
        var request: @Sendable (Peer, _ method: String, _ params: JSON?) async -> Result<String, RPCError>
        /// Takes a notification.
        var notification: @Sendable (_ method: String, _ params: JSON?) -> Void
        /// Is told what a person should know.
        var notice: @Sendable (String) -> Void
        /// Is told that nothing will come any more.
        var closed: @Sendable (MCPError) -> Void
    }

    private struct Waiting: Sendable {
        let method: String
        let progressToken: String?
        let idle: Duration
        let hardDeadline: ContinuousClock.Instant
        var deadline: ContinuousClock.Instant
        let onProgress: (@Sendable (String) -> Void)?
        let continuation: CheckedContinuation<Result<JSON, MCPError>, Never>
        var timer: Task<Void, Never>?
    }

    private struct State {
        var table = RequestTable<Waiting>()
        var end: MCPError?
        var lastToken = 0
        var openQuestions = 0
        var noiseBytes = 0
        var noiseLines = 0
        var tasks: [Int: Task<Void, Never>] = [:]
        var lastTask = 0
    }

    private let handlers: Handlers
    private let state = Mutex(State())
    private let link = Mutex<(any MCPLink)?>(nil)

    init(_ handlers: Handlers) { self.handlers = handlers }

    /// Sends over a link from now on; its events must come to ``receive(_:)``.
    func attach(_ link: any MCPLink) { self.link.withLock { $0 = link } }

    /// Makes a request and waits for its answer.
    ///
    /// - Parameters:
    ///   - name: What it is about, for headers.
    ///   - params: Writes the members of `params`; gets the token under which progress is told.
    ///   - onProgress: Is told of progress, in a line.
    func request(
        _ method: String, name: String? = nil, headers: [(name: String, value: String)] = [], limits: TimeLimits,
        onProgress: (@Sendable (String) -> Void)? = nil, params: (inout JSONWriter, _ progressToken: String?) -> Void
    ) async throws(MCPError) -> JSON {
        let token: String? = onProgress.map { _ in
            state.withLock { state in
                state.lastToken += 1
                return "progress-\(state.lastToken)"
            }
        }
        var writer = JSONWriter()
        writer.object { params(&$0, token) }
        let members = writer.bytes
        let made = Mutex<RPCID?>(nil)
        let result: Result<JSON, MCPError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let now = ContinuousClock.now
                let waiting = Waiting(
                    method: method, progressToken: token, idle: limits.idle, hardDeadline: now + limits.total,
                    deadline: now + limits.idle, onProgress: onProgress, continuation: continuation)
                let (id, end) = state.withLock { state -> (RPCID?, MCPError?) in
                    if let end = state.end { return (nil, end) }
                    return (state.table.add(waiting), nil)
                }
                guard let id else {
                    continuation.resume(returning: .failure(end ?? MCPError(.closed, "the server has ended")))
                    return
                }
                made.withLock { $0 = id }
                send(id, method: method, name: name, headers: headers, members: members)
                let timer = Task { [weak self] in await self?.watch(id) ?? () }
                state.withLock { $0.table[id]?.timer = timer }
                // The handler may have come before there was an id.
                if Task.isCancelled { giveUp(id, MCPError(.cancelled, "cancelled")) }
            }
        } onCancel: {
            if let id = made.withLock({ $0 }) { giveUp(id, MCPError(.cancelled, "cancelled")) }
        }
        return try result.get()
    }

    /// Sends a notification; what cannot be sent is nobody's loss.
    func notify(_ method: String, params: (inout JSONWriter) -> Void = { _ in }) {
        let bytes = RPCMessage.notification(method: method, params: params)
        try? link.withLock { $0 }?.send(OutgoingMessage(bytes: bytes, method: method))
    }

    /// Takes what comes over the link.
    func receive(_ event: LinkEvent) {
        switch event {
        case .message(.response(let id, let result)):
            finish(
                id,
                result.mapError {
                    MCPError(.refused($0.code), "it answers: \($0.message.bounded(500))", details: $0.data)
                })
        case .message(.request(let id, let method, let params)): answer(id, method, params)
        case .message(.notification(let method, let params)):
            countNoise(bytes: params?.raw.count ?? 0)
            if method == "notifications/progress", let params { noteProgress(params) }
            handlers.notification(method, params)
        case .noise(let start, let byteCount):
            let isFirst = countNoise(bytes: byteCount, isLine: true)
            if isFirst { handlers.notice("prints what is no message: \(start.bounded(120).quotedLine)") }
        case .oversized(let id, let byteCount):
            let error = MCPError(
                .tooLarge,
                "its answer of \(byteCount.spelledAsBytes) is larger than \(LinkLimits.message.spelledAsBytes)")
            countNoise(bytes: byteCount)
            // Without an id it may be any of them, and to wait for the time limit helps nobody.
            for id in id.map({ [$0] }) ?? state.withLock({ $0.table.ids }) { finish(id, .failure(error)) }
        case .failed(let id, let error): finish(id, .failure(error))
        case .closed(let error): close(error)
        }
    }

    /// Fails everything that waits, and all that follows; only the first end counts.
    func close(_ error: MCPError) {
        let (waiting, tasks) = state.withLock { state -> ([Waiting]?, [Task<Void, Never>]) in
            guard state.end == nil else { return (nil, []) }
            state.end = error
            defer { state.tasks = [:] }
            return (state.table.takeAll(), Array(state.tasks.values))
        }
        guard let waiting else { return }
        for task in tasks { task.cancel() }
        for one in waiting {
            one.timer?.cancel()
            one.continuation.resume(returning: .failure(error))
        }
        handlers.closed(error)
    }

    /// Why nothing can be asked any more; nil while it can.
    var end: MCPError? { state.withLock { $0.end } }

    /// Keeps deadlines from passing while a person is asked.
    func holding<Value: Sendable>(_ body: () async -> Value) async -> Value {
        state.withLock { $0.openQuestions += 1 }
        let value = await body()
        state.withLock { state in
            state.openQuestions -= 1
            for id in state.table.ids { state.table[id].map { state.table[id]?.deadline = .now + $0.idle } }
        }
        return value
    }

    // MARK: Requests

    private func send(
        _ id: RPCID, method: String, name: String?, headers: [(name: String, value: String)], members: [UInt8]
    ) {
        var writer = JSONWriter(capacity: members.count + 100)
        writer.object {
            $0.member("jsonrpc", "2.0")
            $0.key("id")
            id.write(into: &$0)
            $0.member("method", method)
            $0.key("params")
            $0.raw(members)
        }
        let message = OutgoingMessage(bytes: writer.bytes, id: id, method: method, name: name, headers: headers)
        do throws(MCPError) {
            guard let link = link.withLock({ $0 }) else { throw MCPError(.closed, "there is no connection") }
            try link.send(message)
        } catch { finish(id, .failure(error)) }
    }

    private func finish(_ id: RPCID, _ result: Result<JSON, MCPError>) {
        guard let waiting = state.withLock({ $0.table.take(id) }) else { return }
        waiting.timer?.cancel()
        waiting.continuation.resume(returning: result)
    }

    /// Ends a request that nobody waits for any more, and tells the server.
    private func giveUp(_ id: RPCID, _ error: MCPError) {
        guard let waiting = state.withLock({ $0.table.take(id) }) else { return }
        waiting.timer?.cancel()
        waiting.continuation.resume(returning: .failure(error))
        // The handshake cannot be cancelled (2025-11-25, "Cancellation").
        if waiting.method != "initialize" {
            notify("notifications/cancelled") {
                $0.key("requestId")
                id.write(into: &$0)
                $0.member("reason", error.code == .timedOut ? "timed out" : "cancelled")
            }
        }
        link.withLock { $0 }?.abandon(id)
    }

    /// Waits until the deadline of a request, which may move meanwhile, and ends it.
    private func watch(_ id: RPCID) async {
        while true {
            let next = state.withLock { state -> (ContinuousClock.Instant, Duration)? in
                guard let waiting = state.table[id] else { return nil }
                let deadline = state.openQuestions > 0 ? waiting.hardDeadline : waiting.deadline
                return (min(deadline, waiting.hardDeadline), waiting.idle)
            }
            guard let (deadline, idle) = next else { return }
            guard deadline > .now else {
                return giveUp(id, MCPError(.timedOut, "it has not answered within \(idle.spelled)"))
            }
            // A cancelled sleep means that the answer has come.
            guard (try? await Task.sleep(until: deadline, clock: .continuous)) != nil else { return }
        }
    }

    private func noteProgress(_ params: JSON) {
        guard let token = params["progressToken"]?.string else { return }
        let told = state.withLock { state -> (@Sendable (String) -> Void)? in
            for id in state.table.ids {
                guard let waiting = state.table[id], waiting.progressToken == token else { continue }
                state.table[id]?.deadline = .now + waiting.idle
                return waiting.onProgress
            }
            return nil
        }
        told?(Self.words(ofProgress: params))
    }

    private static func words(ofProgress params: JSON) -> String {
        func number(_ name: String) -> String? { params[name]?.rawText.bounded(20) }
        let message = params["message"]?.string?.bounded(200)
        let share = number("progress").map { part in number("total").map { "\(part) of \($0)" } ?? part }
        return [message, share].compactMap { $0 }.joined(separator: " ")
    }

    // MARK: What the server says by itself

    private func answer(_ id: RPCID, _ method: String, _ params: JSON?) {
        countNoise(bytes: params?.raw.count ?? 0)
        let number = state.withLock { state -> Int? in
            // One that asks without end is not heard.
            guard state.end == nil, state.tasks.count < 16 else { return nil }
            state.lastTask += 1
            return state.lastTask
        }
        guard let number else { return }
        let task = Task {
            let answer = await handlers.request(self, method, params)
            sendAnswer(answer, to: id)
            state.withLock { _ = $0.tasks.removeValue(forKey: number) }
        }
        state.withLock { state in if state.end == nil { state.tasks[number] = task } else { task.cancel() } }
    }

    private func sendAnswer(_ answer: Result<String, RPCError>, to id: RPCID) {
        let bytes: [UInt8]
        switch answer {
        case .success(let json):
            var writer = JSONWriter()
            writer.object {
                $0.member("jsonrpc", "2.0")
                $0.key("id")
                id.write(into: &$0)
                $0.key("result")
                $0.raw(json.utf8)
            }
            bytes = writer.bytes
        case .failure(let error): bytes = RPCMessage.failure(id: id, error)
        }
        try? link.withLock { $0 }?.send(OutgoingMessage(bytes: bytes))
    }

    /// Counts what nobody asked for, and ends a server that sends it without end.
    ///
    /// - Returns: Whether it is the first line that is no message.
    @discardableResult
    private func countNoise(bytes: Int, isLine: Bool = false) -> Bool {
        let (lines, isTooMuch) = state.withLock { state in
            state.noiseBytes += bytes + 64
            if isLine { state.noiseLines += 1 }
            return (
                state.noiseLines, state.noiseBytes > LinkLimits.noise || state.noiseLines > LinkLimits.noiseLines
            )
        }
        if isTooMuch {
            close(MCPError(.invalid, "it prints without end what nobody has asked for, and was ended"))
        }
        return isLine && lines == 1
    }
}

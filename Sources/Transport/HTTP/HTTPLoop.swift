internal import CCurl
import Synchronization

/// The thread of a client, with libcurl's multi handle and its transfers.
///
/// Other threads only queue a command and call `curl_multi_wakeup`.
final class HTTPLoop: Sendable {
    private enum Command {
        case add(HTTPTransfer)
        case abort(HTTPTransfer)
    }

    private struct State {
        var commands: [Command] = []
        var isStopped = false
        var isFinished = false
    }

    private let curl: CurlLibrary
    /// Freed under the lock by the thread, at its end.
    nonisolated(unsafe) private let multi: CurlLibrary.Handle
    private let trust: TLSTrust
    private let proxy: ProxySetting?
    private let state = Mutex(State())

    init(_ curl: CurlLibrary, trust: TLSTrust, proxy: ProxySetting?) throws(TransportError) {
        guard let multi = curl.multiInit() else { throw TransportError(.connectFailed, "libcurl has no memory") }
        self.curl = curl
        self.multi = multi
        self.trust = trust
        self.proxy = proxy
    }

    func add(_ transfer: HTTPTransfer) { command(.add(transfer)) }

    func abort(_ transfer: HTTPTransfer) { command(.abort(transfer)) }

    /// Ends the thread and every transfer.
    func stop() {
        state.withLock { state in
            state.isStopped = true
            wake(state)
        }
    }

    private func command(_ command: Command) {
        state.withLock { state in
            state.commands.append(command)
            wake(state)
        }
    }

    private func wake(_ state: borrowing State) {
        if !state.isFinished { _ = curl.multiWakeup(multi) }
    }

    /// The thread's body.
    func run() {
        var active: [CurlLibrary.Handle: HTTPTransfer] = [:]
        while obey(&active) {
            var running: CInt = 0
            _ = curl.multiPerform(multi, &running)
            collect(&active)
            _ = curl.multiPoll(multi, nil, 0, pause(&active), nil)
        }
        for transfer in active.values {
            remove(transfer, TransportError(.cancelled, "the HTTP client was let go"))
        }
        state.withLock { state in
            state.isFinished = true
            _ = curl.multiCleanup(multi)
        }
    }

    /// Performs the queued commands; false if the thread has to end.
    private func obey(_ active: inout [CurlLibrary.Handle: HTTPTransfer]) -> Bool {
        let (commands, isStopped) = state.withLock { state in
            defer { state.commands = [] }
            return (state.commands, state.isStopped)
        }
        for command in commands {
            switch command {
            case .add(let transfer):
                let handle = transfer.prepare(curl, trust: trust, proxy: proxy)
                if let handle, curl.multiAdd(multi, handle) == CURLM_OK {
                    active[handle] = transfer
                } else {
                    transfer.release(curl)
                    transfer.finish(TransportError(.connectFailed, "libcurl does not take another request"))
                }
            case .abort(let transfer):
                guard let handle = transfer.handle else { continue }
                active[handle] = nil
                remove(transfer, TransportError(.cancelled, "the request was cancelled"))
            }
        }
        return !isStopped
    }

    private func collect(_ active: inout [CurlLibrary.Handle: HTTPTransfer]) {
        var left: CInt = 0
        while let message = curl.multiInfoRead(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle,
                let transfer = active.removeValue(forKey: handle)
            else { continue }
            let code = message.pointee.data.result
            guard code != CURLE_OK else {
                remove(transfer, nil)
                continue
            }
            let detail = transfer.curlMessage
            let general = curl.easyError(code).map { String(cString: $0) } ?? "error \(code.rawValue)"
            remove(transfer, TransportError(code, detail.isEmpty ? general : detail, transfer: transfer))
        }
    }

    /// Ends idle transfers; returns the milliseconds until the next deadline.
    private func pause(_ active: inout [CurlLibrary.Handle: HTTPTransfer]) -> CInt {
        let now = ContinuousClock.now
        var next = now + .seconds(3600)
        for (handle, transfer) in active {
            let deadline = transfer.idleDeadline(curl)
            guard deadline <= now else {
                next = min(next, deadline)
                continue
            }
            active[handle] = nil
            let idle = transfer.request.timeouts.idle
            remove(transfer, TransportError(.timedOut, "\(transfer.request.url.authority) sent nothing for \(idle)"))
        }
        // Rounded up, so that the loop does not spin through the last millisecond.
        return CInt(clamping: Int((next - now) / .milliseconds(1)) + 1)
    }

    private func remove(_ transfer: HTTPTransfer, _ error: TransportError?) {
        _ = curl.multiRemove(multi, transfer.handle)
        transfer.release(curl)
        transfer.finish(error)
    }
}

import OS
import Synchronization

/// A command in the background: a server for tests, a program that asks questions.
///
/// Its output goes to one file, from which any part can be read at any time.
public final class RunningCommand: Sendable {
    private struct Waiter {
        let id: Int
        let text: [UInt8]
        /// The offset in the output behind which the text must end.
        let offset: Int
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var result: CommandResult?
        var byteCount = 0
        /// The end of the output, for `wait(until:)`.
        var recent: [UInt8] = []
        var waiters: [Waiter] = []
        var nextID = 0

        /// Whether the end of the output contains a text that ends behind an offset.
        func holds(_ text: [UInt8], after offset: Int) -> Bool {
            guard !text.isEmpty else { return false }
            let start = max(0, offset - (text.count - 1)) - (byteCount - recent.count)
            return recent.dropFirst(max(0, start)).holds(text)
        }
    }

    private static let recentLimit = 64 * 1024

    private let input: CommandInput
    private let cancel: WakeSignal
    private let path: String
    private let state = Mutex(State())

    /// Starts a command.
    ///
    /// - Parameter request: Needs a log; its connection must not be `.apart`.
    init(
        _ request: CommandRequest, watch: CommandWatch,
        launch: @escaping @Sendable (CommandStreams) throws(LaunchFailure) -> any LaunchedCommand
    )
        throws(LaunchFailure)
    {
        guard let log = request.log else { throw LaunchFailure("a running command needs a file for its output") }
        input = try CommandInput()
        cancel = try LaunchFailure.unless(WakeSignal.init)
        path = "\(log.directory)/\(log.name).stdout"
        var request = request
        request.onOutput = { [weak self, tap = request.onOutput] in
            self?.note($0.bytes)
            tap?($0)
        }
        CommandThread.start { [self, request] in
            var result = CommandLoop(request: request, cancel: cancel, input: input, launch: launch).run()
            watch.complete(&result)
            let waiters = state.withLock { [result] state in
                state.result = result
                defer { state.waiters = [] }
                return state.waiters
            }
            for waiter in waiters { waiter.continuation.resume() }
        }
    }

    /// The result; nil while it runs.
    public var result: CommandResult? { state.withLock { $0.result } }
    /// The bytes printed so far.
    public var byteCount: Int { state.withLock { $0.byteCount } }

    /// Writes to its standard input; false if it has ended, closed its input, or does not read.
    public func write(_ bytes: [UInt8]) -> Bool { result == nil && input.append(bytes) }

    /// Closes its standard input.
    public func closeInput() { input.close() }

    /// Terminates it with all its processes, and kills them after the grace time.
    public func stop() { cancel.raise() }

    /// Waits for its end or a text, until the time is over or the task is cancelled.
    ///
    /// - Parameters:
    ///   - text: The text to wait for, in new output or the last 64 KiB.
    ///   - offset: The known part of the output; the text must end behind it.
    /// - Returns: Whether the text was printed.
    @discardableResult
    public func wait(upTo limit: Duration, until text: String? = nil, after offset: Int = 0) async -> Bool {
        let wanted = Array((text ?? "").utf8)
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            var timer: Task<Void, Never>?
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    // A wait of no time needs no timer.
                    if state.result != nil || Task.isCancelled || limit <= .zero { return true }
                    if state.holds(wanted, after: offset) { return true }
                    state.waiters.append(Waiter(id: id, text: wanted, offset: offset, continuation: continuation))
                    return false
                }
                if isOver { return continuation.resume() }
                // After the waiter is registered, so that the timer finds it.
                timer = Task { [weak self] in
                    // A cancelled sleep means that the wait is over.
                    guard (try? await Task.sleep(for: limit)) != nil else { return }
                    self?.release(id)
                }
            }
            timer?.cancel()
        } onCancel: {
            release(id)
        }
        return state.withLock { $0.holds(wanted, after: offset) }
    }

    /// Reads a part of the output.
    public func output(from offset: Int, limit: Int) -> [UInt8] {
        OutputFile.read(path, from: offset, limit: limit) ?? []
    }

    /// Captures a range of the output; an incomplete last character is left for the next call while the command runs.
    public func output(_ range: Range<Int>, limit: Int = 64 * 1024) -> CapturedOutput {
        OutputFile.capture(path, range, limit: limit, keepsUnfinished: result != nil)
    }

    private func note(_ bytes: [UInt8]) {
        let waiters = state.withLock { state in
            // Earlier output was searched already.
            let known = state.byteCount
            state.byteCount += bytes.count
            state.recent += bytes
            if state.recent.count > 2 * Self.recentLimit {
                state.recent.removeFirst(state.recent.count - Self.recentLimit)
            }
            let satisfied = state.waiters.filter { state.holds($0.text, after: max($0.offset, known)) }
            state.waiters.removeAll { waiter in satisfied.contains { $0.id == waiter.id } }
            return satisfied
        }
        for waiter in waiters { waiter.continuation.resume() }
    }

    private func release(_ id: Int) {
        let waiter = state.withLock { state in
            let position = state.waiters.firstIndex { $0.id == id }
            return position.map { state.waiters.remove(at: $0) }
        }
        waiter?.continuation.resume()
    }
}

extension Sandbox {
    /// Starts a command and returns at once; it ends with its time limit, or when it is stopped.
    ///
    /// - Throws: `.notStarted` if the command cannot be started.
    public func start(_ request: CommandRequest) throws(SandboxError) -> RunningCommand {
        do throws(LaunchFailure) {
            return try RunningCommand(request, watch: watch()) { streams throws(LaunchFailure) in
                try launch(request, streams)
            }
        } catch {
            throw SandboxError(.notStarted, error.message)
        }
    }
}

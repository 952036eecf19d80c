import OS
import Synchronization

/// A command that goes on while others run: a server that tests need, a program that asks questions.
///
/// Its output goes to one file, from which any part can be read at any time.
public final class RunningCommand: Sendable {
    private struct Waiter {
        let id: Int
        let text: [UInt8]
        /// Where in the output the text may end at the earliest.
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

        /// Whether the end of the output holds a text that is not all in front of an offset.
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
    /// - Parameter request: Must have a log; its connection must not be `.apart`.
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
        request.onOutput = { [weak self] in self?.note($0.bytes) }
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

    /// How it ended; nil while it runs.
    public var result: CommandResult? { state.withLock { $0.result } }
    /// How many bytes it has printed so far.
    public var byteCount: Int { state.withLock { $0.byteCount } }

    /// Writes to its standard input; false when it has ended, closed its input, or does not read.
    public func write(_ bytes: [UInt8]) -> Bool { result == nil && input.append(bytes) }

    /// Ends its standard input.
    public func closeInput() { input.close() }

    /// Asks it to end, and kills it and all it has started when it does not.
    public func stop() { cancel.raise() }

    /// Waits until it has ended, or prints a text, or the time is over, or the task is cancelled.
    ///
    /// - Parameters:
    ///   - text: What to wait for in output that comes from now on, or stands in its last 64 KiB already.
    ///   - offset: How much of the output was known before: a text that lies all in it does not count.
    /// - Returns: Whether the text has come.
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
                    if state.result != nil || Task.isCancelled { return true }
                    if state.holds(wanted, after: offset) { return true }
                    state.waiters.append(Waiter(id: id, text: wanted, offset: offset, continuation: continuation))
                    return false
                }
                if isOver { return continuation.resume() }
                // Only now: a timer that ends before there is something to release would release nothing.
                timer = Task { [weak self] in
                    // A cancelled sleep means that the wait is over already.
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

    /// Reads a part of what it has printed.
    public func output(from offset: Int, limit: Int) -> [UInt8] {
        OutputFile.read(path, from: offset, limit: limit) ?? []
    }

    /// What it has printed since an offset, up to another, kept as a whole stream's output is; the last character is
    /// left for the next time if it is not complete and the command still runs.
    public func output(_ range: Range<Int>, limit: Int = 64 * 1024) -> CapturedOutput {
        OutputFile.capture(path, range, limit: limit, keepsUnfinished: result != nil)
    }

    private func note(_ bytes: [UInt8]) {
        let waiters = state.withLock { state in
            // What was there before has been looked at.
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
    /// - Throws: `.notStarted`.
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

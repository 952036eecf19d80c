import OS
import Synchronization

/// A program that is spoken to over its standard streams, such as a browser or a server of tools.
///
/// Its output goes to who reads it, and is not kept: a conversation can be long. Of its errors beginning and end are.
public final class PipedCommand: Sendable {
    private struct State {
        var result: CommandResult?
        var waiters: [CheckedContinuation<CommandResult, Never>] = []
    }

    private let input: CommandInput
    private let cancel: WakeSignal
    private let state = Mutex(State())

    init(
        _ request: CommandRequest, watch: CommandWatch, onEnd: @escaping @Sendable (CommandResult) -> Void,
        launch: @escaping @Sendable (CommandStreams) throws(LaunchFailure) -> any LaunchedCommand
    ) throws(LaunchFailure) {
        input = try CommandInput()
        cancel = try LaunchFailure.unless(WakeSignal.init)
        CommandThread.start { [self, request] in
            var result = CommandLoop(request: request, cancel: cancel, input: input, launch: launch).run()
            watch.complete(&result)
            onEnd(result)
            let waiters = state.withLock { [result] state in
                state.result = result
                defer { state.waiters = [] }
                return state.waiters
            }
            for waiter in waiters { waiter.resume(returning: result) }
        }
    }

    /// How it ended; nil while it runs.
    public var result: CommandResult? { state.withLock { $0.result } }

    /// Writes to its standard input; false if it has ended, closed its input, or does not read.
    public func write(_ bytes: [UInt8]) -> Bool { result == nil && input.append(bytes) }

    /// Closes its standard input.
    public func closeInput() { input.close() }

    /// Terminates it with all its processes, and kills them after the grace time.
    public func stop() { cancel.raise() }

    /// Waits for its end, also if the task is cancelled: its time limit and `stop` bound the wait.
    public func end() async -> CommandResult {
        await withCheckedContinuation { continuation in
            let result = state.withLock { state in
                if state.result == nil { state.waiters.append(continuation) }
                return state.result
            }
            if let result { continuation.resume(returning: result) }
        }
    }
}

extension Sandbox {
    /// Starts a program to speak to and returns at once; it ends with its time limit, or when it is stopped.
    ///
    /// - Parameters:
    ///   - request: Its `onOutput` receives what the program says, on the thread that reads it; it needs no log.
    ///   - onEnd: Called once on the same thread, after the last output.
    /// - Throws: `.notStarted` if the program cannot be started.
    public func converse(
        _ request: CommandRequest, onEnd: @escaping @Sendable (CommandResult) -> Void = { _ in }
    ) throws(SandboxError) -> PipedCommand {
        var request = request
        request.connection = .pipes
        do throws(LaunchFailure) {
            return try PipedCommand(request, watch: watch(), onEnd: onEnd) { [request] streams throws(LaunchFailure) in
                try launch(request, streams)
            }
        } catch {
            throw SandboxError(.notStarted, error.message)
        }
    }
}

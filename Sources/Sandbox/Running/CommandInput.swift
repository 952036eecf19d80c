import Glibc
import OS
import Synchronization

/// What is still to be written to a command's standard input; can be filled from anywhere.
final class CommandInput: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var isClosed = false
    }

    /// More than this is not kept for a command that does not read.
    static let byteLimit = 1 << 20

    private let state = Mutex(State())
    private let signal: WakeSignal

    init() throws(LaunchFailure) {
        signal = try LaunchFailure.unless(WakeSignal.init)
    }

    /// Adds bytes; false when the input has been closed or too much is waiting.
    func append(_ bytes: [UInt8]) -> Bool {
        let isTaken = state.withLock { state in
            guard !state.isClosed, state.bytes.count + bytes.count <= Self.byteLimit else { return false }
            state.bytes += bytes
            return true
        }
        if isTaken { signal.raise() }
        return isTaken
    }

    /// Ends the input once all of it is written.
    func close() {
        state.withLock { $0.isClosed = true }
        signal.raise()
    }

    /// Becomes readable when there is something to look at.
    var wakeDescriptor: Int32 { signal.raw }

    /// Whether bytes are waiting to be written.
    var isPending: Bool { state.withLock { !$0.bytes.isEmpty } }

    /// Writes what the descriptor takes; false when nothing will be written any more.
    func flush(into descriptor: Int32) -> Bool {
        signal.lower()
        return state.withLock { state in
            while !state.bytes.isEmpty {
                let count = state.bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
                if count > 0 {
                    state.bytes.removeFirst(count)
                } else if errno == EAGAIN {
                    return true
                } else if errno != EINTR {
                    state.isClosed = true
                    state.bytes = []
                }
            }
            return !state.isClosed
        }
    }
}

import Glibc
import OS
import Synchronization

/// The pending bytes for a command's standard input; any thread may append.
final class CommandInput: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var isClosed = false
    }

    /// The most pending bytes.
    static let byteLimit = 1 << 20

    private let state = Mutex(State())
    private let signal: WakeSignal

    init() throws(LaunchFailure) {
        signal = try LaunchFailure.unless(WakeSignal.init)
    }

    /// Appends bytes; false if the input is closed or too much is pending.
    func append(_ bytes: [UInt8]) -> Bool {
        let isTaken = state.withLock { state in
            guard !state.isClosed, state.bytes.count + bytes.count <= Self.byteLimit else { return false }
            state.bytes += bytes
            return true
        }
        if isTaken { signal.raise() }
        return isTaken
    }

    /// Closes the input after all of it is written.
    func close() {
        state.withLock { $0.isClosed = true }
        signal.raise()
    }

    /// Becomes readable when bytes were appended or the input was closed.
    var wakeDescriptor: Int32 { signal.raw }

    /// Whether bytes are pending.
    var isPending: Bool { state.withLock { !$0.bytes.isEmpty } }

    /// Writes what the descriptor accepts; false if nothing will be written any more.
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

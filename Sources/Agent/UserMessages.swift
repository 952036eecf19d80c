import Synchronization

/// What a person says while the model works: the turn loop takes it between turns, in order, and it counts as the
/// newest instruction.
public final class UserMessages: Sendable {
    private let waiting = Mutex<[String]>([])

    /// Starts with nothing said.
    public init() {}

    /// Says something; nothing is interrupted by it.
    public func add(_ text: String) { waiting.withLock { $0.append(text) } }

    /// Whether something waits to be taken.
    var isEmpty: Bool { waiting.withLock { $0.isEmpty } }

    /// What was said since the last time.
    func takeAll() -> [String] {
        waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
    }
}

import Synchronization

/// What the doubles of one test did, in the order in which it happened.
final class Story: Sendable {
    private let told = Mutex<[String]>([])

    /// What has happened so far.
    var lines: [String] { told.withLock { $0 } }

    /// Adds a line.
    func tell(_ line: String) { told.withLock { $0.append(line) } }
}

import Synchronization

/// An action that runs while the screen is kept alive.
final class ReviewWork: Sendable {
    private let isFinished = Atomic<Bool>(false)
    private let task: Mutex<Task<ReviewOutcome, any Error>?> = Mutex(nil)

    init(_ model: ReviewModel, _ action: ReviewAction, message: String?) {
        let task = Task.detached { [self] in
            defer { isFinished.store(true, ordering: .releasing) }
            return try await model.perform(action, message: message)
        }
        self.task.withLock { $0 = task }
    }

    /// Whether the action has ended.
    var isDone: Bool { isFinished.load(ordering: .acquiring) }

    /// Asks the action to stop.
    func cancel() { task.withLock { $0 }?.cancel() }

    /// The outcome, once the action has ended.
    var outcome: ReviewOutcome {
        get async throws {
            guard let task = task.withLock({ $0 }) else { throw CancellationError() }
            return try await task.value
        }
    }
}

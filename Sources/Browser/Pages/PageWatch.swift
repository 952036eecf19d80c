import Synchronization

/// Keeps the book of pages as events come, and wakes those who wait for something in it.
final class PageWatch: Sendable {
    private struct Waiter {
        let id: Int
        let isOver: @Sendable (PageBook) -> Bool
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var book: PageBook
        var waiters: [Waiter] = []
        var lastID = 0
        var hasEnded = false
    }

    private let state: Mutex<State>

    init(viewport: Viewport) {
        state = Mutex(State(book: PageBook(viewport: viewport)))
    }

    /// The book as it is now.
    var book: PageBook { state.withLock { $0.book } }

    /// Changes the book, and wakes those whose wait is over by it.
    func change<Result: Sendable>(_ body: (inout PageBook) -> Result) -> Result {
        let (result, over) = state.withLock { state in
            let result = body(&state.book)
            let over = state.waiters.filter { $0.isOver(state.book) }
            if !over.isEmpty { state.waiters.removeAll { waiter in over.contains { $0.id == waiter.id } } }
            return (result, over)
        }
        for waiter in over { waiter.continuation.resume(returning: true) }
        return result
    }

    /// Waits until something is so in the book; false if it is not within the limit, or the browser has ended.
    func wait(upTo limit: Duration, until isOver: @escaping @Sendable (PageBook) -> Bool) async -> Bool {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        return await withTaskCancellationHandler {
            var timer: Task<Void, Never>?
            let result = await withCheckedContinuation { continuation in
                let known: Bool? = state.withLock { state in
                    if isOver(state.book) { return true }
                    if state.hasEnded || Task.isCancelled || limit <= .zero { return false }
                    state.waiters.append(Waiter(id: id, isOver: isOver, continuation: continuation))
                    return nil
                }
                if let known { return continuation.resume(returning: known) }
                timer = Task { [weak self] in
                    // A cancelled sleep means that the wait is over.
                    guard (try? await Task.sleep(for: limit)) != nil else { return }
                    self?.release(id)
                }
            }
            timer?.cancel()
            return result
        } onCancel: {
            release(id)
        }
    }

    /// Ends all waits: there will be no more events.
    func end() {
        let waiters = state.withLock { state in
            state.hasEnded = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.continuation.resume(returning: false) }
    }

    private func release(_ id: Int) {
        let waiter = state.withLock { state in
            state.waiters.firstIndex { $0.id == id }.map { state.waiters.remove(at: $0) }
        }
        waiter?.continuation.resume(returning: false)
    }
}

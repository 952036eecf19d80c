import Synchronization

/// A queue from a service thread to waiting tasks, with a last element that stays.
///
/// Unlike with an `AsyncStream`, cancelling a wait does not end the queue.
final class Mailbox<Element: Sendable>: Sendable {
    private struct Waiter {
        let id: Int
        let continuation: CheckedContinuation<Element?, Never>
    }

    private struct State {
        var elements: [Element] = []
        var head = 0
        var last: Element?
        var waiters: [Waiter] = []
        var nextID = 0

        mutating func next() -> Element? {
            guard head < elements.count else { return last }
            defer {
                head += 1
                if head == elements.count {
                    elements.removeAll(keepingCapacity: head < 1024)
                    head = 0
                } else if head >= 1024, head * 2 > elements.count {
                    elements.removeFirst(head)
                    head = 0
                }
            }
            return elements[head]
        }
    }

    private let state = Mutex(State())

    /// Adds an element; drops it after `finish`.
    func put(_ element: Element) {
        let waiter: Waiter? = state.withLock { state in
            guard state.last == nil else { return nil }
            if !state.waiters.isEmpty { return state.waiters.removeFirst() }
            state.elements.append(element)
            return nil
        }
        waiter?.continuation.resume(returning: element)
    }

    /// Adds the element that every later `take` returns; only the first call has an effect.
    ///
    /// - Returns: Whether this was the first call.
    @discardableResult
    func finish(with element: Element) -> Bool {
        let waiters: [Waiter]? = state.withLock { state in
            guard state.last == nil else { return nil }
            state.last = element
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters ?? [] { waiter.continuation.resume(returning: element) }
        return waiters != nil
    }

    /// Whether `finish` was called; elements may remain before the last one.
    var isFinished: Bool { state.withLock { $0.last != nil } }

    /// Waits for the next element; nil when the waiting task is cancelled.
    func take() async -> Element? {
        // Two steps, because the cancellation handler needs the id.
        let (ready, id) = state.withLock { state -> (Element?, Int) in
            state.nextID += 1
            return (state.next(), state.nextID)
        }
        if let ready { return ready }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Element?? = state.withLock { state in
                    if let element = state.next() { return .some(element) }
                    if Task.isCancelled { return .some(nil) }
                    state.waiters.append(Waiter(id: id, continuation: continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let waiter: Waiter? = state.withLock { state in
                state.waiters.firstIndex { $0.id == id }.map { state.waiters.remove(at: $0) }
            }
            waiter?.continuation.resume(returning: nil)
        }
    }
}

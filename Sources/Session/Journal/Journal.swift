import Dispatch
import Glibc
import OS
import Responses
import Synchronization
import Text

/// The one stream of events: an append-only file of JSON lines, the state that they add up to, and whoever listens.
///
/// Each event is written out once; the file and the listeners get the same bytes. Writing goes straight to the
/// file descriptor, so that what has been recorded survives the process; listeners are told beside the run.
public final class Journal: EventSink {
    private struct Book {
        var output: JournalOutput?
        /// What happened before there was a file.
        var early: [UInt8] = []
        /// Why the file could not be written, if it could not (errno).
        var failure: Int32?
        var state: SessionState
        var itemCount: Int
        var isFinished = false
        /// Items that lie in the file, and where: the next request may still need them.
        var kept: [(item: Item, offset: Int)] = []
    }

    private let book: Mutex<Book>
    private let listeners: [ListenerQueue]
    private let start: ContinuousClock.Instant
    private let disk = JournalSync()

    /// Starts without a file: events are kept in memory until `open`.
    public init(listeners: [EventListener], start: ContinuousClock.Instant = .now) {
        self.listeners = listeners.map(ListenerQueue.init)
        self.start = start
        book = Mutex(Book(state: SessionState(), itemCount: 0))
    }

    /// Goes on with a session: its events are in the file already, and its clock goes on from the last of them.
    init(continuing output: JournalOutput, from state: SessionState, listeners: [EventListener]) {
        self.listeners = listeners.map(ListenerQueue.init)
        start = .now - state.elapsed
        book = Mutex(Book(output: output, state: state, itemCount: state.itemCount))
    }

    /// Opens the file in the session's folder and writes what has happened so far.
    ///
    /// Others see by the lock on it that the session is running; where locks are missing it looks finished.
    public func open(folder: String) throws(SessionError) {
        let path = SessionFolder(existing: folder).journal
        let descriptor: Descriptor
        do throws(SystemError) { descriptor = try Descriptor(opening: path, O_WRONLY | O_CREAT | O_APPEND) } catch {
            throw SessionError(writing: path, error.number)
        }
        // Whoever looks holds it for an instant: waiting for that keeps a run from going on without its lock.
        let lock = try? FileLock(waitingFor: .exclusive, on: descriptor)
        book.withLock { book in
            var output = JournalOutput(descriptor, lock: lock, folder: folder)
            output.write(book.early)
            book.early = []
            book.output = output
        }
    }

    /// Records an event: it is in the file and in the state when this returns, and listeners get it in this order.
    ///
    /// Behind the result comes nothing more.
    public func record(_ event: RunEvent) {
        book.withLock { record(event, in: &$0) }
    }

    /// Ends the run: records its result, which is the state's with this verdict. Only the first end counts.
    ///
    /// - Returns: The result that was recorded.
    public func finish(_ verdict: Verdict, _ message: String) -> RunResult {
        book.withLock { book in
            if !book.isFinished {
                var result = book.state.result(verdict, message)
                result.duration = .now - start
                record(.runFinished(result), in: &book)
            }
            return book.state.result
        }
    }

    private func record(_ event: RunEvent, in book: inout Book) {
        guard !book.isFinished else { return }
        book.isFinished = event.kind == .runFinished
        let time = ContinuousClock.now - start
        book.state.apply(event, at: time)
        let line = event.line(at: time)
        if let line {
            let offset = book.output?.size
            // Behind a line that is missing only the result may come: a session goes on from what is without gaps.
            if book.output?.failure == nil || book.isFinished { book.output?.write(line) }
            if book.output == nil { book.early += line }
            if let offset, let item = event.item, book.output?.failure == nil,
                let place = JournalItems.place(of: item, in: line.dropLast(), at: offset)
            {
                book.kept.append((item, place))
            }
        }
        if case .turnCompleted = event { release(in: &book) }
        for listener in listeners { listener.send(event, line, at: time) }
    }

    /// Lets go of the items that the server has: a history of any length takes no memory.
    private func release(in book: inout Book) {
        guard let items = book.output?.items else { return }
        for (item, offset) in book.kept { item.release(to: items, at: offset) }
        book.kept = []
    }

    /// What the events recorded so far add up to.
    public var state: SessionState { book.withLock { $0.state } }

    /// A name for the next item of the run.
    public func nextItemID() -> String {
        book.withLock { book in
            defer { book.itemCount += 1 }
            return "item_\(book.itemCount)"
        }
    }

    /// Why the file could not be written, if it could not.
    public var failure: SessionError? {
        let number = book.withLock { $0.output?.failure ?? $0.output?.items?.failure ?? $0.failure }
        return number.map { SessionError(writing: "journal.jsonl", $0) }
    }

    /// Asks for what has been recorded to reach the disk, without waiting for it.
    ///
    /// What a run asks for before its tools run, and again when their answers are recorded: a machine that stops then
    /// leaves a journal that knows which calls had begun. Asking costs nothing; questions that come while the disk is
    /// busy become one.
    public func sync() {
        if let descriptor = book.withLock({ $0.output?.descriptor }) { disk.ask(descriptor) }
    }

    /// Waits until everything is on the disk, and closes the file. Listeners may still be busy.
    public func close() {
        let closed = book.withLock { book in
            defer { book.output = nil }
            if let failure = book.output?.failure ?? book.output?.items?.failure { book.failure = failure }
            return book.output
        }
        guard var output = closed else { return }
        disk.finish(output.descriptor)
        output.removeReserve()
    }

    /// Waits until the listeners have got what was recorded so far.
    ///
    /// - Parameter limit: How long at most; a reader that is stuck does not keep the process.
    /// - Returns: Whether all of them have.
    @discardableResult
    public func waitForListeners(atMost limit: Duration = .seconds(5)) -> Bool {
        let end = DispatchTime.now() + limit.milliseconds / 1000
        return listeners.allSatisfy { $0.wait(until: end) }
    }
}

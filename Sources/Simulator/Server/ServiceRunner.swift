import CWebSockets
import Glibc
import OS
import Synchronization

/// The thread that runs one service, from the making of its context to the last round of its loop.
///
/// Unchecked: the only things shared between threads are the atomic flag and a context pointer that is written before
/// `start` returns; `lws_cancel_service` is the library's thread-safe call.
final class ServiceRunner: @unchecked Sendable {  // Shared: an atomic flag, a pointer set before `start` returns.
    private let service: Service
    private let isStopping = Atomic(false)
    private let ready = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
    private var thread: ServiceThread?
    private var outcome: Result<UInt16, ServerError> = .failure(ServerError("the server did not start"))

    private init(_ service: Service) {
        self.service = service
        sem_init(ready, 0, 0)
    }

    deinit {
        sem_destroy(ready)
        ready.deallocate()
    }

    /// Runs a service on a new thread; returns when it listens.
    static func start(_ service: Service) throws(ServerError) -> (ServiceRunner, port: UInt16) {
        let runner = ServiceRunner(service)
        do throws(SystemError) { runner.thread = try ServiceThread { runner.run() } } catch {
            throw ServerError(error.description)
        }
        while sem_wait(runner.ready) != 0 {}
        do {
            return (runner, try runner.outcome.get())
        } catch {
            runner.thread?.join()
            throw error
        }
    }

    /// Ends the loop, waits for the thread, and closes everything.
    ///
    /// The context goes last and here: the thread could otherwise destroy it between the flag and the call that wakes
    /// the loop.
    func stop() {
        isStopping.store(true, ordering: .releasing)
        service.wake()
        thread?.join()
        service.close()
    }

    private func run() {
        outcome = service.open()
        let isListening = (try? outcome.get()) != nil  // the failure itself goes to `start`
        sem_post(ready)
        guard isListening else { return }
        while !isStopping.load(ordering: .acquiring), service.serve() {}
    }
}

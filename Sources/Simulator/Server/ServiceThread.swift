import CWebSockets
import Glibc
import Synchronization

/// The thread that runs one service, from the making of its context to the last round of its loop.
///
/// Unchecked: the only things shared between threads are the atomic flag and a context pointer that is written before
/// `start` returns; `lws_cancel_service` is the library's thread-safe call.
final class ServiceThread: @unchecked Sendable {  // Shared: an atomic flag, a pointer set before `start` returns.
    private let service: Service
    private let isStopping = Atomic(false)
    private let ready = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
    private var thread = pthread_t()
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
    static func start(_ service: Service) throws(ServerError) -> (ServiceThread, port: UInt16) {
        let runner = ServiceThread(service)
        let box = Unmanaged.passRetained(runner)
        let code = pthread_create(
            &runner.thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<ServiceThread>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, box.toOpaque())
        guard code == 0 else {
            box.release()
            throw ServerError("cannot make a thread: \(String(cString: strerror(code)))")
        }
        while sem_wait(runner.ready) != 0 {}
        do {
            return (runner, try runner.outcome.get())
        } catch {
            pthread_join(runner.thread, nil)
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
        pthread_join(thread, nil)
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

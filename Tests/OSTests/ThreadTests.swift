import Glibc
import OS
import Synchronization
import Testing

@Suite struct ThreadTests {
    private final class Flag: Sendable {
        let isUp = Atomic(false)
    }

    @Test func `joining waits for the end of the thread`() throws {
        let flag = Flag()
        let thread = try ServiceThread {
            usleep(20_000)
            flag.isUp.store(true, ordering: .releasing)
        }
        thread.join()
        let isUp = flag.isUp.load(ordering: .acquiring)
        #expect(isUp)
        thread.join()
    }

    @Test func `a thread runs to its end though nobody keeps it`() throws {
        let pipe = try Pipe()
        let writer = pipe.writing
        try ServiceThread(stackBytes: 1 << 20) { try? FileContent.write([7], to: writer.raw) }
        var entry = pollfd(fd: pipe.reading.raw, events: Int16(POLLIN), revents: 0)
        #expect(poll(&entry, 1, 10_000) == 1)
    }

    @Test func `a thread takes no signals and what it was given goes with it`() throws {
        let flag = Flag()
        weak var given: Flag?
        do {
            let object = Flag()
            given = object
            let thread = try ServiceThread {
                var signals = sigset_t()
                pthread_sigmask(SIG_SETMASK, nil, &signals)
                let areBlocked = [SIGINT, SIGTERM, SIGUSR1].allSatisfy { sigismember(&signals, $0) == 1 }
                flag.isUp.store(areBlocked, ordering: .releasing)
                withExtendedLifetime(object) {}
            }
            thread.join()
        }
        let isUp = flag.isUp.load(ordering: .acquiring)
        #expect(isUp)
        #expect(given == nil)
    }

    @Test func `work on a thread of its own gives back its result`() async {
        let caller = pthread_self()
        let isElsewhere = await CommandThread.run { pthread_equal(pthread_self(), caller) == 0 }
        #expect(isElsewhere)
    }
}

import Glibc
import OS
import Testing

@Suite struct FileContentTests {
    @Test func `all bytes pass a pipe that takes a part at a time`() throws {
        let pipe = try Pipe()
        let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let writer = pipe.writing
        let thread = try ServiceThread { try? FileContent.write(bytes, to: writer.raw) }
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1000)
        while received.count < bytes.count {
            var entry = pollfd(fd: pipe.reading.raw, events: Int16(POLLIN), revents: 0)
            #expect(poll(&entry, 1, 10_000) == 1)
            let count = read(pipe.reading.raw, &buffer, buffer.count)
            if count > 0 { received += buffer[..<count] }
        }
        thread.join()
        #expect(received == bytes)
    }

    @Test func `a full pipe that does not block is waited for`() throws {
        let pipe = try Pipe(own: .writing)
        let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let writer = pipe.writing
        let thread = try ServiceThread { try? FileContent.writeWaiting(bytes, to: writer.raw) }
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while received.count < bytes.count {
            let count = read(pipe.reading.raw, &buffer, buffer.count)
            guard count > 0 else { break }
            received += buffer[..<count]
        }
        thread.join()
        #expect(received == bytes)
    }

    @Test func `more than the limit is not read`() throws {
        let file = try Descriptor.sealed(Array(repeating: 1, count: 10_000))
        lseek(file.raw, 0, SEEK_SET)
        #expect(throws: SystemError("read", EFBIG)) { try FileContent.read(file.raw, limit: 9_999) }
    }

    @Test func `a signal that interrupts a write does not end it`() throws {
        let pipe = try Pipe()
        var action = sigaction()
        // Without SA_RESTART, so that write(2) fails with EINTR or is cut short.
        action.__sigaction_handler.sa_handler = { _ in }
        var before = sigaction()
        sigaction(SIGUSR2, &action, &before)
        defer { sigaction(SIGUSR2, &before, nil) }
        let bytes = [UInt8](repeating: 1, count: 300_000)
        let writer = Interruptible(pipe.writing, bytes)
        let thread = try ServiceThread { writer.run() }
        writer.waitUntilStarted()
        var count = 0
        var buffer = [UInt8](repeating: 0, count: 4096)
        while count < bytes.count {
            writer.interrupt()
            var entry = pollfd(fd: pipe.reading.raw, events: Int16(POLLIN), revents: 0)
            _ = poll(&entry, 1, 10)
            let got = read(pipe.reading.raw, &buffer, buffer.count)
            if got > 0 { count += got }
        }
        thread.join()
        #expect(writer.error == nil)
    }

    @Test func `a full pipe that does not block is an error that tells how far the write came`() throws {
        let pipe = try Pipe(own: .writing)
        let bytes = [UInt8](repeating: 1, count: 1 << 20)
        let (count, error) = bytes.withUnsafeBytes { FileContent.write($0, to: pipe.writing.raw) }
        #expect(error?.number == EAGAIN)
        #expect(count > 0 && count < bytes.count)
    }

    @Test func `a write to a full device says why`() throws {
        let file = try Descriptor(opening: "/dev/full", O_WRONLY)
        let error = #expect(throws: SystemError.self) { try FileContent.write([1, 2, 3], to: file.raw) }
        #expect(error?.number == ENOSPC)
        #expect(error?.description == "cannot write: No space left on device")
    }

    @Test(arguments: [0, 1, 4094, 4095, 4096, 100_000])
    func `a file reads as it was written`(count: Int) throws {
        let scratch = Scratch()
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        let file = try Descriptor(opening: scratch.path + "/file", O_WRONLY | O_CREAT | O_EXCL)
        try FileContent.write(bytes, to: file.raw)
        #expect(try FileContent.read(scratch.path + "/file") == bytes)
        let again = try Descriptor(opening: scratch.path + "/file", O_RDONLY)
        #expect(try FileContent.read(again.raw, expecting: 3) == bytes)
    }

    @Test func `a file whose size the system does not tell is read to its end`() throws {
        #expect(try !FileContent.read("/proc/self/status").isEmpty)
    }

    @Test func `what cannot be read says why`() {
        let error = #expect(throws: SystemError.self) { try FileContent.read("/nowhere/at/all") }
        #expect(error?.number == ENOENT)
        #expect(throws: SystemError.self) { try FileContent.read("/") }
        #expect(FileContent.bytes("/nowhere") == nil)
        #expect(FileContent.text("/nowhere") == nil)
    }
}

/// A thread that writes and can be sent a signal.
private final class Interruptible: @unchecked Sendable {  // What is shared is written before a semaphore is posted.
    private let descriptor: Descriptor
    private let bytes: [UInt8]
    private let started = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
    private var thread = pthread_self()
    private(set) var error: SystemError?

    init(_ descriptor: Descriptor, _ bytes: [UInt8]) {
        self.descriptor = descriptor
        self.bytes = bytes
        sem_init(started, 0, 0)
    }

    deinit {
        sem_destroy(started)
        started.deallocate()
    }

    func run() {
        thread = pthread_self()
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGUSR2)
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        sem_post(started)
        do throws(SystemError) { try FileContent.write(bytes, to: descriptor.raw) } catch { self.error = error }
    }

    func waitUntilStarted() { while sem_wait(started) != 0 {} }

    /// The number stays the thread's own until it is joined.
    func interrupt() { pthread_kill(thread, SIGUSR2) }
}

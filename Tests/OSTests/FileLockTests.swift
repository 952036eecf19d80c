import Glibc
import OS
import Synchronization
import Testing

@Suite struct FileLockTests {
    private func descriptor(_ scratch: Scratch) throws -> Descriptor {
        try Descriptor(opening: scratch.path + "/lock", O_RDWR | O_CREAT)
    }

    @Test func `an exclusive lock keeps out every other descriptor until it goes away`() throws {
        let scratch = Scratch()
        var held = try FileLock(.exclusive, on: descriptor(scratch))
        #expect(held != nil)
        #expect(try FileLock(.exclusive, on: descriptor(scratch)) == nil)
        #expect(try FileLock(.shared, on: descriptor(scratch)) == nil)
        held = nil
        #expect(try FileLock(.exclusive, on: descriptor(scratch)) != nil)
    }

    @Test func `shared locks stand beside each other`() throws {
        let scratch = Scratch()
        let one = try FileLock(.shared, on: descriptor(scratch))
        let other = try FileLock(.shared, on: descriptor(scratch))
        #expect(one != nil && other != nil)
        #expect(try FileLock(.exclusive, on: descriptor(scratch)) == nil)
        withExtendedLifetime((one, other)) {}
    }

    @Test func `the lock goes with the value though its descriptor stays open`() throws {
        let scratch = Scratch()
        let file = try descriptor(scratch)
        var held = try FileLock(.exclusive, on: file)
        #expect(held?.descriptor === file)
        held = nil
        #expect(try FileLock(.exclusive, on: descriptor(scratch)) != nil)
        #expect(fcntl(file.raw, F_GETFD) >= 0)
    }

    @Test func `who waits for a lock gets it when it is given back`() throws {
        let scratch = Scratch()
        var held = try FileLock(.exclusive, on: descriptor(scratch))
        #expect(held != nil)
        let other = try descriptor(scratch)
        let isLocked = Atomic(false)
        try withThread {
            _ = try? FileLock(waitingFor: .exclusive, on: other)
            isLocked.store(true, ordering: .releasing)
        } meanwhile: {
            let isUp = isLocked.load(ordering: .acquiring)
            #expect(!isUp)
            held = nil
        }
        let isUp = isLocked.load(ordering: .acquiring)
        #expect(isUp)
    }

    @Test func `what cannot be locked says so`() {
        #expect(throws: SystemError.self) { try FileLock(.shared, on: Descriptor(-1)) }
    }

    private func withThread(_ body: () -> Void, meanwhile: () -> Void) throws {
        try withoutActuallyEscaping(body) { body in
            nonisolated(unsafe) let body = body
            let thread = try ServiceThread { body() }
            meanwhile()
            thread.join()
        }
    }
}

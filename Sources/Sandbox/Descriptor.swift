import CSpawn
import Glibc

/// A file descriptor that is closed with its last owner.
final class Descriptor: Sendable {
    let raw: Int32

    init(_ raw: Int32) { self.raw = raw }

    deinit { close(raw) }

    /// Lets go of what it names before its owners do; the number stays taken, so that a late user meets nothing else.
    func letGo() {
        let nothing = open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard nothing >= 0 else { return }
        dup2(nothing, raw)
        _ = fcntl(raw, F_SETFD, FD_CLOEXEC)
        close(nothing)
    }
}

/// Wakes a thread that waits in poll(2); can be raised from anywhere, also before anyone waits.
struct WakeSignal: Sendable {
    private let event: Descriptor

    init() throws(LaunchFailure) {
        let raw = graft_event()
        guard raw >= 0 else { throw LaunchFailure("cannot wait for the command", errno) }
        event = Descriptor(raw)
    }

    var raw: Int32 { event.raw }

    /// Makes it not raised again.
    func lower() {
        var count: UInt64 = 0
        // Fails when it is not raised, which is what was wanted.
        _ = read(event.raw, &count, 8)
    }

    func raise() {
        var one: UInt64 = 1
        // A full counter is as raised as can be.
        _ = write(event.raw, &one, 8)
    }
}

/// A pipe; the reading end does not block.
struct Pipe {
    let reading: Descriptor
    let writing: Descriptor

    init() throws(LaunchFailure) {
        var ends: [Int32] = [-1, -1]
        guard graft_pipe(&ends) == 0 else { throw LaunchFailure("cannot make a pipe", errno) }
        reading = Descriptor(ends[0])
        writing = Descriptor(ends[1])
    }
}

/// Two connected Unix sockets.
struct SocketPair {
    let near: Descriptor
    let far: Descriptor

    init() throws(LaunchFailure) {
        var ends: [Int32] = [-1, -1]
        guard graft_socket_pair(&ends) == 0 else { throw LaunchFailure("cannot make sockets", errno) }
        near = Descriptor(ends[0])
        far = Descriptor(ends[1])
    }
}

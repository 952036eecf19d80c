import CSpawn
public import Glibc

/// A file descriptor that is closed with its last owner.
public final class Descriptor: Sendable {
    /// The number; negative where nothing is open.
    public let raw: Int32

    /// Takes over a number that nobody else closes.
    public init(_ raw: Int32) { self.raw = raw }

    /// Opens a file, close-on-exec (open(2)).
    ///
    /// - Throws: What the system said.
    public convenience init(opening path: String, _ flags: Int32, mode: mode_t = 0o600) throws(SystemError) {
        let raw = open(path, flags | O_CLOEXEC, mode)
        guard raw >= 0 else { throw SystemError("open \(path)") }
        self.init(raw)
    }

    deinit { if raw >= 0 { close(raw) } }

    /// Closes the file before its owners go; the number stays taken, so that a late user meets nothing else.
    public func letGo() {
        let nothing = open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard nothing >= 0 else { return }
        dup2(nothing, raw)
        _ = fcntl(raw, F_SETFD, FD_CLOEXEC)
        close(nothing)
    }
}

extension Descriptor {
    /// Makes a file in memory that holds these bytes and can no longer be changed (memfd_create(2)).
    ///
    /// - Throws: What the system said.
    public static func sealed(_ bytes: [UInt8]) throws(SystemError) -> Descriptor {
        let raw = graft_sealed_file(bytes, bytes.count)
        guard raw >= 0 else { throw SystemError("make a file in memory") }
        return Descriptor(raw)
    }
}

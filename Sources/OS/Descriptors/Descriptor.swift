import CSpawn
public import Glibc

/// A file descriptor that its last owner closes.
public final class Descriptor: Sendable {
    /// The number; negative if nothing is open.
    public let raw: Int32

    /// Takes ownership of a number.
    public init(_ raw: Int32) { self.raw = raw }

    /// Opens a file, close-on-exec (open(2)).
    ///
    /// - Throws: The error of the system.
    public convenience init(opening path: String, _ flags: Int32, mode: mode_t = 0o600) throws(SystemError) {
        let raw = open(path, flags | O_CLOEXEC, mode)
        guard raw >= 0 else { throw SystemError("open \(path)") }
        self.init(raw)
    }

    deinit { if raw >= 0 { close(raw) } }

    /// Closes the file early; the number stays reserved, so that a late user does not reach another file.
    public func letGo() {
        let nothing = open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard nothing >= 0 else { return }
        dup2(nothing, raw)
        _ = fcntl(raw, F_SETFD, FD_CLOEXEC)
        close(nothing)
    }
}

extension Descriptor {
    /// Makes a sealed file in memory with these bytes (memfd_create(2)).
    ///
    /// - Throws: The error of the system.
    public static func sealed(_ bytes: [UInt8]) throws(SystemError) -> Descriptor {
        let raw = graft_sealed_file(bytes, bytes.count)
        guard raw >= 0 else { throw SystemError("make a file in memory") }
        return Descriptor(raw)
    }
}

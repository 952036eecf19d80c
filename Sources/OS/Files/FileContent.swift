import Glibc

/// Reads and writes whole contents, retrying after interruptions (read(2), write(2)).
public enum FileContent {
    /// Reads an open file to its end.
    ///
    /// - Parameters:
    ///   - size: The expected size; a file of that size is read in two calls.
    ///   - limit: The most bytes to read.
    /// - Throws: The error of the system; `EFBIG` for more than the limit.
    public static func read(
        _ descriptor: Int32, expecting size: Int = 4095, limit: Int = .max
    ) throws(SystemError) -> [UInt8] {
        // One byte more, so that the end is found without growing.
        var bytes = [UInt8](repeating: 0, count: max(size, 0) + 1)
        var count = 0
        while true {
            let got = bytes.withUnsafeMutableBytes { buffer in
                let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
                return Glibc.read(descriptor, rest.baseAddress, rest.count)
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw SystemError("read") }
            if got == 0 { break }
            count += got
            if count > limit { throw SystemError("read", EFBIG) }
            if count == bytes.count { bytes.append(contentsOf: repeatElement(0, count: count)) }
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    /// Reads a whole file.
    ///
    /// - Parameter limit: The most bytes to read.
    /// - Throws: The error of the system; `EFBIG` for more than the limit.
    public static func read(_ path: String, limit: Int = .max) throws(SystemError) -> [UInt8] {
        let file = try Descriptor(opening: path, O_RDONLY)
        var status = stat()
        let size = fstat(file.raw, &status) == 0 ? Int(status.st_size) : 0
        do throws(SystemError) { return try read(file.raw, expecting: max(min(size, limit), 4095), limit: limit) } catch
        {
            throw SystemError("read \(path)", error.number)
        }
    }

    /// The first bytes of a file, fewer if it is shorter.
    ///
    /// - Throws: The error of the system.
    public static func start(of path: String, count: Int) throws(SystemError) -> [UInt8] {
        let file = try Descriptor(opening: path, O_RDONLY)
        var bytes = [UInt8](repeating: 0, count: count)
        let got = pread(file.raw, &bytes, count, 0)
        guard got >= 0 else { throw SystemError("read \(path)") }
        return Array(bytes.prefix(got))
    }

    /// The content of a file; nil if it cannot be read.
    public static func bytes(_ path: String) -> [UInt8]? { try? read(path) }

    /// The content of a file as text, with U+FFFD for invalid UTF-8; nil if it cannot be read.
    public static func text(_ path: String) -> String? {
        bytes(path).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Writes all bytes.
    ///
    /// - Throws: The error of the system; some of the bytes may have been written. A full pipe or socket that does
    ///   not block is an error (`EAGAIN`).
    public static func write(_ bytes: some Sequence<UInt8>, to descriptor: Int32) throws(SystemError) {
        let whole = bytes.withContiguousStorageIfAvailable { write(UnsafeRawBufferPointer($0), to: descriptor) }
        let (_, error) = whole ?? Array(bytes).withUnsafeBytes { write($0, to: descriptor) }
        if let error { throw error }
    }

    /// Writes all bytes, and waits for the reader of a non-blocking pipe or terminal (poll(2)).
    ///
    /// - Parameter patience: How long at most between two bytes that are taken; nil to wait for ever.
    /// - Throws: The error of the system, `EAGAIN` for a reader that takes nothing in that time; some of the bytes may
    ///   have been written.
    public static func writeWaiting(
        _ bytes: some Sequence<UInt8>, to descriptor: Int32, atMost patience: Duration? = nil
    ) throws(SystemError) {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let (count, error) = rest.withUnsafeBytes { write($0, to: descriptor) }
            rest = rest.dropFirst(count)
            guard let error else { return }
            guard error.number == EAGAIN else { throw error }
            guard waitUntilWritable(descriptor, patience) else { throw error }
        }
    }

    private static func waitUntilWritable(_ descriptor: Int32, _ patience: Duration?) -> Bool {
        let end = patience.map { ContinuousClock.now + $0 }
        while true {
            var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            let rest = end.map { max($0 - .now, .zero) / .milliseconds(1) } ?? -1
            let count = poll(&ready, 1, Int32(min(rest.rounded(.up), Double(Int32.max))))
            if count >= 0 || errno != EINTR { return count != 0 }
        }
    }

    /// Writes all bytes; returns how many were written before an error, and the error.
    public static func write(
        _ bytes: UnsafeRawBufferPointer, to descriptor: Int32
    ) -> (count: Int, error: SystemError?) {
        var written = 0
        while written < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
            let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            // A write of 0 bytes must not be repeated for ever.
            guard count > 0 else { return (written, SystemError("write", count < 0 ? errno : EIO)) }
            written += count
        }
        return (written, nil)
    }
}

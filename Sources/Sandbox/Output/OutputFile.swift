import Glibc

/// Reads parts of files with the whole output of commands.
public enum OutputFile {
    /// At most `limit` bytes from an offset; nil if the file cannot be read.
    public static func read(_ path: String, from offset: Int, limit: Int) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { return nil }
        defer { close(file) }
        return read(file, from: offset, limit: limit)
    }

    /// The size of the file in bytes; nil if it cannot be read.
    public static func size(_ path: String) -> Int? {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }

    /// A part of the file as text of whole characters, and its range; nil if the file cannot be read.
    ///
    /// An offset inside a character is moved to its beginning. Successive pages, each from the end of the one before,
    /// make up the whole file. Invalid UTF-8 becomes U+FFFD.
    ///
    /// - Parameter limit: The most bytes to read, at least 4, so that a character fits.
    public static func page(_ path: String, from offset: Int, limit: Int) -> (range: Range<Int>, text: String)? {
        guard let size = size(path), let before = read(path, from: max(0, offset - 3), limit: min(3, offset)) else {
            return nil
        }
        var start = offset
        if let first = read(path, from: offset, limit: 1), UTF8Text.danglingPrefix(first) > 0 {
            start -= UTF8Text.unfinishedSuffix(before)
        }
        guard var bytes = read(path, from: start, limit: max(4, limit)) else { return nil }
        if start + bytes.count < size { bytes.removeLast(UTF8Text.unfinishedSuffix(bytes)) }
        return (start..<start + bytes.count, UTF8Text(repairing: bytes).string)
    }

    /// Captures a part of the file like a stream.
    ///
    /// - Parameter keepsUnfinished: Whether an incomplete character at the end belongs to the part.
    static func capture(
        _ path: String, _ range: Range<Int>, limit: Int, keepsUnfinished: Bool
    ) -> CapturedOutput {
        var capture = OutputCapture(limit: limit, file: nil)
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { return capture.finish() }
        defer { close(file) }
        var position = range.lowerBound
        while position < range.upperBound {
            var bytes = read(file, from: position, limit: min(chunk, range.upperBound - position))
            guard !bytes.isEmpty else { break }
            position += bytes.count
            if position == range.upperBound, !keepsUnfinished { bytes.removeLast(UTF8Text.unfinishedSuffix(bytes)) }
            bytes.withUnsafeBytes { capture.append($0) }
        }
        return capture.finish()
    }

    private static let chunk = 256 * 1024

    private static func read(_ file: Int32, from offset: Int, limit: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: max(0, limit)) { buffer, initialized in
            while initialized < limit, let base = buffer.baseAddress {
                let count = pread(file, base + initialized, limit - initialized, off_t(max(0, offset) + initialized))
                guard count > 0 else { break }
                initialized += count
            }
        }
    }
}

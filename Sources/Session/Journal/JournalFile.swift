import Glibc
import OS

/// A journal as a file that somebody may still be writing.
public final class JournalFile {
    private let file: Descriptor
    private let size: Int

    /// Opens a journal; nil if there is none that can be read.
    public init?(path: String) {
        var status = stat()
        guard let file = try? Descriptor(opening: path, O_RDONLY | O_NOFOLLOW), fstat(file.raw, &status) == 0 else {
            return nil
        }
        self.file = file
        size = Int(status.st_size)
    }

    /// Whether a run holds the lock that it takes on its journal (flock).
    public var isInUse: Bool {
        // Where there are no locks, nobody holds one.
        do throws(SystemError) { return try FileLock(.shared, on: file) == nil } catch { return false }
    }

    /// Hands over the events of some kinds, from the start on, until the body says no or the limit in bytes is reached.
    ///
    /// Lines of no interest are not parsed, and lines that are no events are passed over.
    public func forEach(_ kinds: Set<RunEvent.Kind>, upTo limit: Int = .max, _ body: (JournalLine) -> Bool) {
        forEachLine(upTo: limit) { raw in
            guard let kind = JournalLine.kind(of: raw), kinds.contains(kind), let line = JournalLine(raw) else {
                return true
            }
            return body(line)
        }
    }

    /// Hands over the whole lines from the start on, until the body says no or the limit in bytes is reached.
    ///
    /// A last line without its end is left out: it is being written, or a crash has torn it.
    public func forEachLine(upTo limit: Int = .max, _ body: ([UInt8]) -> Bool) {
        var (rest, position): ([UInt8], Int) = ([], 0)
        while position < min(size, limit) {
            let block = read(at: position, count: min(1 << 16, size - position))
            guard !block.isEmpty else { return }
            position += block.count
            var start = block.startIndex
            while let end = Self.lineEnd(in: block, from: start) {
                guard body(rest + block[start..<end]) else { return }
                rest = []
                start = end + 1
            }
            rest += block[start...]
        }
    }

    /// The last whole line; nil if there is none.
    public func lastLine() -> [UInt8]? {
        var count = 1 << 14
        while true {
            let start = max(0, size - count)
            let block = read(at: start, count: size - start)
            if let end = block.lastIndex(of: 0x0A) {
                let line = block[..<end]
                if let before = line.lastIndex(of: 0x0A) { return Array(line[(before + 1)...]) }
                if start == 0 { return Array(line) }
            }
            guard start > 0 else { return nil }
            count *= 4
        }
    }

    private static func lineEnd(in block: [UInt8], from start: Int) -> Int? {
        block.withUnsafeBytes { bytes in
            guard start < bytes.count, let base = bytes.baseAddress,
                let end = memchr(base + start, 0x0A, bytes.count - start)
            else { return nil }
            return base.distance(to: UnsafeRawPointer(end))
        }
    }

    private func read(at position: Int, count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            while initialized < count, let base = buffer.baseAddress {
                let got = pread(file.raw, base + initialized, count - initialized, off_t(position + initialized))
                guard got > 0 else { break }
                initialized += got
            }
        }
    }
}

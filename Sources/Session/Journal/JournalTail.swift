import Glibc
import OS

/// Reads a journal line by line, also one that a run is still writing.
public final class JournalTail {
    private let path: String
    private let file: Descriptor
    private var position = 0
    /// The beginning of a line whose end is not there yet.
    private var rest: [UInt8] = []
    /// Tells of changes to the file (inotify(7)); nil where nobody wants to wait for them.
    private let watch: Descriptor?
    /// Whether somebody has just closed the file: whoever dies lets go of the lock a moment later.
    private var isClosing = false

    private static let events = UInt32(IN_MODIFY | IN_CLOSE_WRITE | IN_DELETE_SELF)
    /// How long that moment may be.
    private static let closingMilliseconds: Int32 = 1000

    /// Opens a journal.
    ///
    /// - Parameter follows: Whether to wait for what is written later.
    public init(path: String, follows: Bool) throws(SessionError) {
        // The watch comes first, so that nothing falls between what is read and what is told.
        var watch: Descriptor?
        if follows {
            let descriptor = Descriptor(inotify_init1(Int32(O_CLOEXEC)))
            guard descriptor.raw >= 0, inotify_add_watch(descriptor.raw, path, Self.events) >= 0 else {
                throw SessionError(reading: path, errno)
            }
            watch = descriptor
        }
        do throws(SystemError) { file = try Descriptor(opening: path, O_RDONLY | O_NOFOLLOW) } catch {
            throw SessionError(reading: path, error.number)
        }
        (self.path, self.watch) = (path, watch)
    }

    /// Hands over the events of some kinds that have come since the last time; lines of no interest are not parsed.
    ///
    /// A last line without its end is kept back: it is being written, or a crash has torn it.
    public func read(_ kinds: Set<RunEvent.Kind>, _ body: (JournalLine) -> Void) {
        readLines { raw in
            guard let kind = JournalLine.kind(of: raw), kinds.contains(kind), let line = JournalLine(raw) else {
                return
            }
            body(line)
        }
    }

    private func readLines(_ body: ([UInt8]) -> Void) {
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = pread(file.raw, &block, block.count, off_t(position))
            guard count > 0 else { return }
            position += count
            var start = 0
            while let end = block[start..<count].firstIndex(of: 0x0A) {
                body(rest + block[start..<end])
                rest = []
                start = end + 1
            }
            rest += block[start..<count]
        }
    }

    /// Whether a run writes the journal now; asked before the last lines are read, so that none is missed.
    public var isBeingWritten: Bool { watch != nil && JournalFile(path: path)?.isInUse == true }

    /// Waits until there may be more to read, or nobody writes any more.
    public func wait() {
        guard let watch else { return }
        var entry = pollfd(fd: watch.raw, events: Int16(POLLIN), revents: 0)
        let hasMore = poll(&entry, 1, isClosing ? Self.closingMilliseconds : -1) > 0
        isClosing = false
        guard hasMore else { return }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(watch.raw, &bytes, bytes.count)
        guard count > 0 else { return }
        bytes[..<count].withUnsafeBytes { bytes in
            var offset = 0
            while offset + MemoryLayout<inotify_event>.size <= bytes.count {
                let event = bytes.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
                if event.mask & UInt32(IN_CLOSE_WRITE) != 0 { isClosing = true }
                offset += MemoryLayout<inotify_event>.size + Int(event.len)
            }
        }
    }
}

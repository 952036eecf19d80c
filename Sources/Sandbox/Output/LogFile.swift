import Glibc

/// The file that takes the whole of one stream, made when the first byte comes.
///
/// A full disk stops the writing and is reported; the command it belongs to goes on.
struct LogFile {
    private let path: String
    private let limit: Int
    private var descriptor: Int32 = -1
    private var written = 0
    private var dropped = 0
    private var failure: String?

    init(path: String, limit: Int) {
        self.path = path
        self.limit = limit
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        openOnce()
        var rest = UnsafeRawBufferPointer(rebasing: bytes.prefix(max(0, limit - written)))
        dropped += bytes.count - rest.count
        while failure == nil, !rest.isEmpty {
            let count = write(descriptor, rest.baseAddress, rest.count)
            if count < 0 {
                if errno != EINTR { failure = SystemMessage.text(errno) }
                continue
            }
            written += count
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
        }
        dropped += rest.count
    }

    mutating func finish() -> CapturedOutput.File? {
        guard written + dropped > 0 else { return nil }
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
        return CapturedOutput.File(path: path, writtenBytes: written, droppedBytes: dropped, failure: failure)
    }

    private mutating func openOnce() {
        guard descriptor < 0, failure == nil else { return }
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
        if descriptor < 0 { failure = SystemMessage.text(errno) }
    }
}

import Glibc
import OS

/// The file with the whole of one stream, made with the first byte.
///
/// A full disk stops the writing and is reported; the command continues.
struct LogFile {
    private let path: String
    private let limit: Int
    private var file: Descriptor?
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
        if failure == nil, !rest.isEmpty, let file {
            let (count, error) = FileContent.write(rest, to: file.raw)
            failure = error?.reason
            written += count
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
        }
        dropped += rest.count
    }

    mutating func finish() -> CapturedOutput.File? {
        guard written + dropped > 0 else { return nil }
        file = nil
        return CapturedOutput.File(path: path, writtenBytes: written, droppedBytes: dropped, failure: failure)
    }

    private mutating func openOnce() {
        guard file == nil, failure == nil else { return }
        do throws(SystemError) {
            file = try Descriptor(opening: path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW)
        } catch {
            failure = error.reason
        }
    }
}

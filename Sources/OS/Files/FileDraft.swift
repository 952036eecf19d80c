public import Glibc

/// A file that is written whole or not at all.
///
/// It is tried before the work, so that a place that cannot be written costs nothing. A regular file is written beside
/// its place and renamed; a pipe or a device is written to as it is. What a link points at is replaced, not the link.
/// Between the trial and the writing nothing lies there: the place may be in a folder whose files count.
public final class FileDraft: Sendable {
    /// How long the reader of a pipe may take to come, and to read on.
    public static let patience: Duration = .seconds(10)

    private enum Target {
        /// A regular file: what is written first, and the file whose place it takes. That one's permissions are kept.
        case draft(path: String, place: String, mode: mode_t, keepsMode: Bool)
        case device(Descriptor)
        /// A pipe with a name, which can be opened once somebody reads it.
        case pipe(PipeOpening)
    }

    private let path: String
    private let target: Target

    /// Tries the place; a file that is replaced keeps its permissions.
    ///
    /// - Parameter mode: The permissions of a new file, less what the umask takes away.
    /// - Throws: `SystemError` with what the system said.
    public init(_ path: String, mode: mode_t = 0o666) throws(SystemError) {
        var status = stat()
        let isThere = stat(path, &status) == 0
        self.path = path
        do throws(SystemError) {
            switch isThere ? status.st_mode & S_IFMT : S_IFREG {
            case S_IFREG:
                let place = isThere ? FilePath.resolved(path) ?? path : path
                let draft = "\(place).graft-tmp-\(getpid())"
                _ = try Self.open(draft, mode)
                unlink(draft)
                target = .draft(
                    path: draft, place: place, mode: isThere ? status.st_mode & 0o777 : mode, keepsMode: isThere)
            case S_IFIFO:
                guard access(path, W_OK) == 0 else { throw SystemError("write \(path)") }
                target = .pipe(try PipeOpening(path))
            default: target = .device(try Descriptor(opening: path, O_WRONLY))
            }
        } catch {
            throw SystemError("write \(path)", error.number)
        }
    }

    /// Leaves nothing in the place: a file that is there is removed. Pipes and devices stay as they are.
    ///
    /// - Throws: `SystemError` with what the system said.
    public func remove() throws(SystemError) {
        guard case .draft(_, let place, _, _) = target else { return }
        guard unlink(place) == 0 || errno == ENOENT else { throw SystemError("remove \(path)") }
    }

    /// Writes all there is and puts the file in its place.
    ///
    /// - Parameter patience: How long the reader of a pipe may take to come, and to read on.
    /// - Throws: `SystemError` with what the system said; what was in its place is then still there. `ENXIO` for a pipe
    ///   that nobody reads.
    public func write(_ bytes: [UInt8], patience: Duration = FileDraft.patience) throws(SystemError) {
        do throws(SystemError) {
            switch target {
            case .draft(let draft, let place, let mode, let keepsMode):
                let file = try Self.open(draft, mode)
                if keepsMode { fchmod(file.raw, mode) }
                try write(bytes, file, draft, place)
            case .device(let file): try FileContent.writeWaiting(bytes, to: file.raw, atMost: patience)
            case .pipe(let opening):
                let pipe = try opening.descriptor(atMost: patience)
                _ = fcntl(pipe.raw, F_SETFL, fcntl(pipe.raw, F_GETFL) | O_NONBLOCK)
                do throws(SystemError) { try FileContent.writeWaiting(bytes, to: pipe.raw, atMost: patience) } catch {
                    throw error.number == EAGAIN ? SystemError("write \(path)", ENXIO) : error
                }
            }
        } catch {
            throw SystemError("write \(path)", error.number)
        }
    }

    private func write(
        _ bytes: [UInt8], _ file: Descriptor, _ draft: String, _ place: String
    ) throws(SystemError) {
        do throws(SystemError) {
            try FileContent.writeWaiting(bytes, to: file.raw)
            // Some file systems tell of a full disk only here.
            guard fdatasync(file.raw) == 0, rename(draft, place) == 0 else { throw SystemError("write \(path)") }
        } catch {
            unlink(draft)
            throw error
        }
    }

    private static func open(_ draft: String, _ mode: mode_t) throws(SystemError) -> Descriptor {
        try Descriptor(opening: draft, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode: mode)
    }
}

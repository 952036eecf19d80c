import Glibc

/// A file that is written whole or not at all.
///
/// It is opened before the work, so that a place that cannot be written costs nothing. A regular file is written
/// beside its place and renamed; a pipe or a device is written to as it is. What a link points at is replaced, not
/// the link.
public final class FileDraft: Sendable {
    private let path: String
    private let place: String
    /// Where it is written first; nil for what is no regular file.
    private let draft: String?
    private let file: Descriptor

    /// Opens the file.
    ///
    /// - Throws: `SystemError` with what the system said.
    public init(_ path: String) throws(SystemError) {
        var status = stat()
        let isThere = stat(path, &status) == 0
        let isRegular = !isThere || status.st_mode & S_IFMT == S_IFREG
        self.path = path
        place = isThere ? FilePath.resolved(path) ?? path : path
        draft = isRegular ? "\(place).graft-tmp-\(getpid())" : nil
        let flags = draft == nil ? O_WRONLY : O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW
        do throws(SystemError) { file = try Descriptor(opening: draft ?? path, flags, mode: 0o666) } catch {
            throw SystemError("write \(path)", error.number)
        }
    }

    /// Writes all there is and puts the file in its place.
    ///
    /// - Throws: `SystemError` with what the system said; what was in its place is then still there.
    public func write(_ bytes: [UInt8]) throws(SystemError) {
        do throws(SystemError) {
            try FileContent.writeWaiting(bytes, to: file.raw)
            guard let draft else { return }
            // Some file systems tell of a full disk only here.
            guard fdatasync(file.raw) == 0, rename(draft, place) == 0 else { throw SystemError("write \(path)") }
        } catch {
            if let draft { unlink(draft) }
            throw SystemError("write \(path)", error.number)
        }
    }
}

import Glibc
import OS
import Review

/// The file that a page is written to.
struct PageFile {
    private let path: String

    /// Takes a path; `-` is standard output.
    init(_ path: String) {
        self.path = path
    }

    /// Writes the page whole or not at all, in the place of a regular file that is there; a pipe or device is written
    /// to as it is.
    func write(_ page: [UInt8]) throws {
        var state = stat()
        let isThere = stat(path, &state) == 0
        if path == "-" || (isThere && state.st_mode & S_IFMT != S_IFREG && state.st_mode & S_IFMT != S_IFDIR) {
            let descriptor = path == "-" ? 1 : open(path, O_WRONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw failure() }
            defer { if descriptor != 1 { close(descriptor) } }
            return try write(page, to: descriptor)
        }
        // What a link points at is replaced, not the link.
        let target = isThere ? FilePath.resolved(path) ?? path : path
        let draft = "\(target).graft-tmp"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }
        do {
            try write(page, to: descriptor)
            guard rename(draft, target) == 0 else { throw failure() }
        } catch {
            unlink(draft)
            throw error
        }
    }

    private func write(_ page: [UInt8], to descriptor: Int32) throws {
        var rest = page[...]
        while !rest.isEmpty {
            let (count, error) = rest.withUnsafeBytes { FileContent.write($0, to: descriptor) }
            rest = rest.dropFirst(count)
            guard let error else { return }
            guard error.number == EAGAIN else { throw failure(error.number) }
            var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            poll(&ready, 1, -1)
        }
    }

    private func failure(_ number: Int32 = errno) -> ReviewError {
        ReviewError(.usage, "cannot write the page to \(path): \(SystemError.text(number))")
    }
}

import Agent
import Glibc
import OS
import Session
import Synchronization
import Text

/// The file of `--result`: opened before anything is done, so that a place that cannot be written costs nothing, and
/// there whole or not at all.
final class ResultFile: Sendable {
    private let path: String
    /// Where it is written first; nil for a pipe or a device, which is written directly.
    private let draft: String?
    private let descriptor: Int32
    private let trouble = Mutex<String?>(nil)

    /// Opens the file.
    ///
    /// - Throws: `Refusal` if it cannot be written.
    init(_ path: String) throws {
        var status = stat()
        let isSpecial = stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
        self.path = path
        draft = isSpecial ? nil : "\(path).graft-\(getpid())"
        descriptor = open(draft ?? path, O_WRONLY | O_CLOEXEC | (isSpecial ? 0 : O_CREAT | O_TRUNC), 0o644)
        guard descriptor >= 0 else {
            throw Refusal("cannot write the result to \(path): \(SystemError.text())")
        }
    }

    /// Why the result could not be written, if it could not.
    var failure: String? { trouble.withLock { $0 } }

    /// Writes the result; what goes wrong stands in `failure`.
    func write(_ result: RunResult) {
        do throws(SystemError) { try FileContent.write(result.json(), to: descriptor) } catch {
            return giveUp(error.number)
        }
        guard close(descriptor) == 0 else { return giveUp(errno) }
        if let draft, rename(draft, path) != 0 { giveUp(errno) }
    }

    private func giveUp(_ number: Int32) {
        let reason = "cannot write the result to \(path): \(SystemError.text(number))"
        trouble.withLock { $0 = reason }
        if let draft { unlink(draft) }
        StandardError.write("graft: \(reason.marked)")
    }
}

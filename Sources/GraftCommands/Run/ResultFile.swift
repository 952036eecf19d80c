import OS
import Session
import Synchronization
import Text

/// The file of `--result`, opened before anything is done.
final class ResultFile: Sendable {
    private let path: String
    private let file: FileDraft
    private let trouble = Mutex<String?>(nil)

    /// Opens the file.
    ///
    /// - Throws: `Refusal` if it cannot be written.
    init(_ path: String) throws {
        self.path = path
        do throws(SystemError) { file = try FileDraft(path) } catch {
            throw Refusal("cannot write the result to \(path): \(error.reason)")
        }
    }

    /// Why the result could not be written, if it could not.
    var failure: String? { trouble.withLock { $0 } }

    /// Writes the result; a failure is told on standard error and kept in `failure`.
    func write(_ result: RunResult) {
        do throws(SystemError) { try file.write(result.json()) } catch {
            let reason = "cannot write the result to \(path): \(error.reason)"
            trouble.withLock { $0 = reason }
            StandardError.write("graft: \(reason.marked)")
        }
    }
}

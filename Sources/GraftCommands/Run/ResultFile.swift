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
    /// - Throws: `OutputFileFailure` if it cannot be written.
    init(_ path: String) throws {
        self.path = path
        do throws(SystemError) { file = try FileDraft(path) } catch {
            throw OutputFileFailure("the result", to: path, error)
        }
    }

    /// Why the result could not be written, if it could not.
    var failure: String? { trouble.withLock { $0 } }

    /// Writes the result; a failure is told on standard error and kept in `failure`.
    ///
    /// - Parameter patience: How long the reader of a pipe may take to come, and to read on.
    func write(_ result: RunResult, patience: Duration) {
        do throws(SystemError) { try file.write(result.json(), patience: patience) } catch {
            let reason = OutputFileFailure("the result", to: path, error).description
            trouble.withLock { $0 = reason }
            StandardError.write("graft: \(reason.marked)")
        }
    }
}

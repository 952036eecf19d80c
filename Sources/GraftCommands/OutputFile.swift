import Glibc
import OS

/// Why a file that was asked for could not be written: a path that cannot be used, or a machine that fails.
struct OutputFileFailure: Error, CustomStringConvertible {
    /// What could not be written where, and why.
    let description: String
    /// Whether the machine is the reason, such as a full disk, and not the path.
    let isOfMachine: Bool

    /// Says why something could not be written.
    init(_ what: String, to path: String, _ error: SystemError) {
        let reason = error.number == ENXIO ? "nobody reads it" : error.reason
        description = "cannot write \(what) to \(path): \(reason)"
        isOfMachine = [ENOSPC, EDQUOT, EIO, EFBIG, ENOMEM, EMFILE, ENFILE].contains(error.number)
    }
}

/// Writes files that were asked for.
enum OutputFile {
    /// Writes a file whole or not at all.
    ///
    /// - Parameter what: What it holds, for the message.
    static func write(_ bytes: [UInt8], _ what: String, to path: String) throws(OutputFileFailure) {
        do throws(SystemError) { try FileDraft(path).write(bytes) } catch {
            throw OutputFileFailure(what, to: path, error)
        }
    }
}

import OS
import Review

/// The file that a page is written to.
struct PageFile {
    private let path: String

    /// Takes a path; `-` is standard output.
    init(_ path: String) {
        self.path = path
    }

    /// Writes the page whole or not at all.
    ///
    /// - Throws: `ReviewError` if it cannot be written.
    func write(_ page: [UInt8]) throws {
        do throws(SystemError) {
            if path == "-" {
                try FileContent.writeWaiting(page, to: 1)
            } else {
                try FileDraft(path).write(page)
            }
        } catch {
            throw ReviewError(.usage, "cannot write the page to \(path): \(error.reason)")
        }
    }
}

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
    /// - Throws: `OutputFileFailure` for a file that cannot be written.
    func write(_ page: [UInt8]) throws {
        if path == "-" { StandardOutput().write(page) } else { try OutputFile.write(page, "the page", to: path) }
    }
}

import Glibc
import OS
import Session

/// The session's pictures of the screen, files with rising numbers.
struct PictureFolder {
    private static let name = "screenshots"

    private let path: String
    private var last: Int

    /// Opens the folder; what an earlier process has kept stays.
    init(_ folder: SessionFolder) {
        path = "\(folder.path)/\(Self.name)"
        last = FolderListing.names(in: path).compactMap { Int($0.prefix { $0 != "." }) }.max() ?? 0
    }

    /// Keeps a picture, and returns its path in the session's folder.
    ///
    /// - Throws: `ToolRefusal` with why it could not be kept.
    mutating func add(_ bytes: [UInt8], fileExtension: String) throws(ToolRefusal) -> String {
        last += 1
        let digits = "\(last)"
        let file = String(repeating: "0", count: max(0, 4 - digits.count)) + "\(digits).\(fileExtension)"
        mkdir(path, 0o700)
        let target = Descriptor(open("\(path)/\(file)", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600))
        guard target.raw >= 0 else {
            throw ToolRefusal("a picture of the screen is not kept: \(SystemError.text(errno))")
        }
        do throws(SystemError) { try FileContent.write(bytes, to: target.raw) } catch {
            throw ToolRefusal("a picture of the screen is not kept: \(error.description)")
        }
        return "\(Self.name)/\(file)"
    }
}

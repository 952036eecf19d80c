public import Text

/// A patch that cannot be applied: what is wrong, where, and what to send instead.
///
/// A patch is applied whole or not at all, so an error says that nothing was changed.
public struct PatchError: Error, Sendable, CustomStringConvertible {
    /// The kinds of failure a caller may want to tell apart.
    public enum Code: String, Sendable, CaseIterable {
        /// The patch breaks the rules of its format.
        case badFormat
        /// The patch holds no operation, or an update holds no hunk.
        case emptyPatch
        /// A hunk header has no lines below it.
        case emptyHunk
        /// A path is not one a patch may name.
        case invalidPath
        /// The file to update, move or delete is not there.
        case fileMissing
        /// A file is in the way of the one to create.
        case fileExists
        /// A folder of the path is a file.
        case notADirectory
        /// The path is a folder.
        case isDirectory
        /// The path is a symbolic link, and the patch has hunks for it.
        case symbolicLink
        /// A hunk removes and adds the same lines.
        case noEffect
        /// The old lines of a hunk stand nowhere in the file.
        case notFound
        /// The text behind `@@` is not in the file.
        case anchorNotFound
        /// A hunk fits in more than one place.
        case ambiguous
        /// A hunk fits only in places that the hunks before it or its anchor exclude.
        case outOfOrder
        /// A new line cannot be written in the file's encoding.
        case encoding
        /// The file is binary, or may be and the patch shows no line of it.
        case notText
        /// The file could not be read.
        case unreadable
    }

    /// What kind of failure this is.
    public let code: Code
    /// A few lines that name the file and the line and say what to send instead.
    public let message: String
    /// The file the failure is about.
    public var path: String?
    /// The line of the patch, or of the diff where that came alone, counted from 1.
    public let patchLine: Int?
    /// Lines of the file, counted from 1: where the hunk would fit, or where the nearest place begins.
    public let fileLines: [Int]
    /// The error that the ``PatchSource`` threw.
    public let underlying: (any Error)?

    /// Makes an error; the message is what the model gets to read.
    public init(
        _ code: Code, _ message: String, path: String? = nil, patchLine: Int? = nil, fileLines: [Int] = [],
        underlying: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.path = path
        self.patchLine = patchLine
        self.fileLines = fileLines
        self.underlying = underlying
    }

    /// What a ``PatchSource`` throws for the path of a folder.
    public static func isDirectory(_ path: BytePath) -> PatchError {
        PatchError(.isDirectory, "\(path) is a folder, not a file. Choose another path.", path: path.text)
    }

    /// The error of a patch that puts a file in the place of a folder and leaves a file of that.
    static func isDirectory(_ path: BytePath, with rest: BytePath) -> PatchError {
        PatchError(
            .isDirectory,
            "\(path) is a folder with the file '\(rest)'. Delete or move what is in it, or choose another path.",
            path: path.text)
    }

    /// The message.
    public var description: String { message }
}

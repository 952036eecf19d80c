import Glibc
import OS

/// The file in which a commit message is edited.
///
/// It stays in the session's folder, so that no text is lost when an edit fails.
struct MessageFile: Sendable {
    /// Where it is; the name is the one that editors know for commit messages.
    let path: String
    private static let scissors = "# ------------------------ >8 ------------------------"

    init(folder: String) {
        path = folder + "/COMMIT_EDITMSG"
    }

    /// Writes the message, and remarks that are no part of it.
    func write(_ message: String, remarks: [String]) throws(MessageFileError) {
        let notes = ["Everything from the line above on is left out."] + remarks
        let text = message + "\n\n" + Self.scissors + "\n" + notes.map { "# \($0)\n" }.joined()
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw MessageFileError("write", path, errno) }
        defer { close(file) }
        do throws(SystemError) { try FileContent.write(text.utf8, to: file) } catch {
            throw MessageFileError("write", path, error.number)
        }
        // Dated back, so that a save is detected however coarse the clock of the file system is.
        let times = [Self.unsaved, Self.unsaved]
        futimens(file, times)
    }

    private static let unsaved = timespec(tv_sec: 1_000_000_000, tv_nsec: 0)

    /// Whether an editor has saved the file since it was written.
    var isSaved: Bool {
        var state = stat()
        return stat(path, &state) != 0 || state.st_mtim.tv_sec != Self.unsaved.tv_sec
    }

    /// Reads what the editor left above the remarks, without spaces at the ends of lines and empty lines at both ends.
    func read() throws(MessageFileError) -> String {
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try FileContent.read(path, limit: 1 << 20) } catch {
            throw MessageFileError("read", path, error.number)
        }
        return Self.message(in: String(decoding: bytes, as: UTF8.self))
    }

    /// The message in the text of such a file.
    static func message(in text: String) -> String {
        var lines: [Substring] = []
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            if line == scissors { break }
            lines.append(line.trimmedEnd)
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines.drop { $0.isEmpty }.joined(separator: "\n")
    }
}

/// The file of a message could not be used.
struct MessageFileError: Error, CustomStringConvertible {
    let description: String

    init(_ verb: String, _ path: String, _ number: Int32) {
        description = "cannot \(verb) \(path): \(SystemError.text(number))"
    }
}

extension Substring {
    fileprivate var trimmedEnd: Substring {
        var text = self
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text
    }
}

import Glibc
import OS
import Responses
import Session
import Synchronization

/// The folder in which the pictures are kept that the server makes; it is made with the first of them.
final class PictureFolder: Sendable {
    private let path: Mutex<String?>
    private let temporaryFolder: String?

    /// In the folder of a session.
    init(of session: SessionFolder) {
        path = Mutex(session.images)
        temporaryFolder = nil
    }

    /// In a folder of its own among the temporary files, for what has no session.
    init(temporaryFolder: String) {
        path = Mutex(nil)
        self.temporaryFolder = temporaryFolder
    }

    private var made: String? {
        path.withLock { path in
            if let temporaryFolder, path == nil {
                var name = Array("\(temporaryFolder)/graft-images-XXXXXX".utf8CString)
                path = name.withUnsafeMutableBufferPointer { buffer in
                    buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
                }
            }
            guard let folder = path, mkdir(folder, 0o700) == 0 || errno == EEXIST else { return nil }
            return folder
        }
    }

    /// Keeps the pictures of an item, readable by the user only.
    ///
    /// - Parameter name: What the files are called, without the end.
    /// - Returns: The paths of the files, and what could not be kept and why.
    func keep(_ item: Item, as name: String) -> (files: [String], troubles: [String]) {
        let pictures = MadePicture.all(in: item)
        guard !pictures.isEmpty else { return ([], []) }
        guard let folder = made else { return ([], ["its folder cannot be made: \(SystemError.text(errno))"]) }
        var (files, troubles): ([String], [String]) = ([], [])
        for (index, picture) in pictures.enumerated() {
            switch picture {
            case .failure(let trouble): troubles.append("what the server sent \(trouble.words)")
            case .success(let picture):
                let number = pictures.count > 1 ? "-\(index + 1)" : ""
                let file = "\(folder)/\(name)\(number).\(picture.fileType)"
                do throws(SystemError) {
                    // What an earlier process has left half written is written anew.
                    let flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW
                    let descriptor = try Descriptor(opening: file, flags, mode: 0o600)
                    try FileContent.write(picture.bytes, to: descriptor.raw)
                    files.append(file)
                } catch { troubles.append("\(file) cannot be written: \(error)") }
            }
        }
        return (files, troubles)
    }
}

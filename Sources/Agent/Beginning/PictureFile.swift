import Glibc
import OS
public import Responses
import Text

/// A picture that a person hands over, with the file that it is.
///
/// Graft reads it itself, outside of the sandbox: the person has named it.
public struct PictureFile: Sendable, Equatable {
    /// The file; absolute.
    public let path: String
    /// What it holds.
    public let picture: Picture

    /// So many go with one prompt.
    public static let most = 20
    /// The most bytes of all that go with one prompt: the API takes 50 MB a request, as base64 and with the rest.
    public static let byteLimit = 30 << 20

    /// Why a file cannot be handed over.
    public struct Trouble: Error, Sendable {
        /// What is wrong, and what to do about it.
        public let message: String
    }

    /// Reads a file.
    ///
    /// - Throws: `Trouble` for what is not there, is no file, or is no picture that a model can be shown.
    public init(_ path: String) throws(Trouble) {
        func trouble(_ words: String) -> Trouble { Trouble(message: "\(path.quoted) \(words)") }
        // A pipe without a writer must not hold up anything.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { throw trouble("cannot be read: \(SystemError("open").reason)") }
        let file = Descriptor(descriptor)
        var status = stat()
        guard fstat(file.raw, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw trouble("is no file")
        }
        let size = Int(status.st_size)
        guard size <= Picture.byteLimit else { throw trouble(Picture.Trouble.tooLarge(bytes: size).words) }
        do {
            picture = try Picture(try FileContent.read(file.raw, expecting: size, limit: Picture.byteLimit))
        } catch let error as Picture.Trouble {
            throw trouble(error.words)
        } catch {
            throw trouble("cannot be read: \((error as? SystemError)?.reason ?? "\(error)")")
        }
        self.path = FilePath.resolved(path) ?? path
    }

    /// The file and what it is, in a few words: `shot.png (PNG, 640×480, 12 KB)`.
    public var summary: String {
        let name = FilePath.names(in: path).last ?? path
        return "\(name) (\(picture.summary), \(picture.bytes.count.spelledAsBytes))"
    }
}

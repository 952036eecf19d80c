/// Why an archive, or a file in it, could not be read.
public struct ZipError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of trouble it is.
    public enum Code: Sendable, Equatable {
        /// The library that unpacks files cannot be loaded.
        case missingLibrary
        /// The bytes are no archive, or a damaged one.
        case damaged
        /// A part of the format that is not read: encryption, several disks, other ways to pack.
        case unsupported
        /// A file is larger than it may be.
        case tooLarge
    }

    /// What kind of trouble it is.
    public let code: Code
    /// The trouble in a sentence.
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}

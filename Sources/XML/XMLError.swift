/// Why a document could not be read to its end.
public struct XMLError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of trouble it is.
    public enum Code: Sendable, Equatable {
        /// The library that reads XML cannot be loaded.
        case missingLibrary
        /// The document is not well-formed, or ends too early.
        case malformed
        /// The document declares entities, which may multiply without end or lead outside.
        case entities
        /// The document is nested too deeply.
        case tooDeep
    }

    /// What kind of trouble it is.
    public let code: Code
    /// The trouble in a sentence, without its place.
    public let message: String
    /// The line of the document, counted from 1; nil if there is none.
    public let line: Int?

    init(_ code: Code, _ message: String, line: Int? = nil) {
        self.code = code
        self.message = message
        self.line = line
    }

    /// The message with the line.
    public var description: String { line.map { "line \($0): \(message)" } ?? message }
}

/// A text that is not TOML, or a file with a key or value that cannot be used.
public struct TOMLError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Code: String, Sendable {
        /// The text is not TOML.
        case syntax
        /// A key is unknown.
        case unknownKey = "unknown_key"
        /// A value is not what its key takes, or keys exclude each other.
        case value
    }

    /// What kind of failure it is.
    public let code: Code
    /// What is wrong, and what is expected instead.
    public let message: String
    /// The file's name; nil for a text without one.
    public let file: String?
    /// The line, from 1; nil for a fault of the whole file.
    public let line: Int?
    /// The column, from 1, in Unicode scalars; nil where the code is not `syntax`.
    public let column: Int?

    init(_ code: Code, _ message: String, file: String?, line: Int? = nil, column: Int? = nil) {
        self.code = code
        self.message = message
        self.file = file
        self.line = line
        self.column = column
    }

    /// The file, the place and the message, in one line.
    public var description: String {
        let name = file.map { code == .syntax ? "\($0) is not TOML: " : "\($0): " } ?? ""
        return switch (line, column) {
        case (let line?, let column?): "\(name)line \(line), column \(column): \(message)"
        case (let line?, nil): "\(name)\(message) (line \(line))"
        default: name + message
        }
    }
}

extension TOMLError {
    /// Finds the line and column of an offset; each line feed ends a line.
    init(_ problem: String, at offset: Int, in bytes: [UInt8]) {
        let before = bytes[..<min(offset, bytes.count)]
        let line = before[((before.lastIndex(of: .lineFeed) ?? -1) + 1)...]
        self.init(
            .syntax, problem, file: nil, line: before.count { $0 == .lineFeed } + 1,
            // The bytes 0x80 to 0xBF only continue a scalar.
            column: line.count { $0 & 0xC0 != 0x80 } + 1)
    }

    /// The same error in a file of this name.
    func named(_ file: String) -> TOMLError {
        TOMLError(code, message, file: file, line: line, column: column)
    }
}

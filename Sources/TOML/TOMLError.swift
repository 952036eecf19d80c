/// A text that is not TOML: where, and what was expected there.
public struct TOMLError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The line, from 1.
    public let line: Int
    /// The column, from 1, in Unicode scalars.
    public let column: Int
    /// What is wrong there.
    public let problem: String

    /// The place and what is wrong there, in one line.
    public var description: String { "line \(line), column \(column): \(problem)" }
}

extension TOMLError {
    /// Finds the line and column of an offset; each line feed ends a line.
    init(_ problem: String, at offset: Int, in bytes: [UInt8]) {
        let before = bytes[..<min(offset, bytes.count)]
        let line = before[((before.lastIndex(of: .lineFeed) ?? -1) + 1)...]
        self.problem = problem
        self.line = before.count { $0 == .lineFeed } + 1
        // The bytes 0x80 to 0xBF only continue a scalar.
        column = line.count { $0 & 0xC0 != 0x80 } + 1
    }
}

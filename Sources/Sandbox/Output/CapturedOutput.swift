/// The kept parts of one stream: its beginning, its end, and lines between them that look like errors.
public struct CapturedOutput: Sendable, Equatable {
    /// A line of the omitted part.
    public struct Excerpt: Sendable, Equatable {
        /// The number of the line, from 1.
        public let line: Int
        /// The offset of the line in the stream, in bytes.
        public let offset: Int
        /// The line without its end, truncated to 400 bytes.
        public let text: [UInt8]
        /// Whether the line itself looks like an error; false for a neighbor of one.
        public let isMatch: Bool
    }

    /// The file with the whole stream.
    public struct File: Sendable, Equatable {
        /// Its path.
        public let path: String
        /// The bytes written to it.
        public let writtenBytes: Int
        /// The bytes dropped because of the limit or a failure.
        public let droppedBytes: Int
        /// Why writing stopped early; nil if it did not.
        public let failure: String?

        /// The file's name as a handle: `NAME` for standard output, `NAME.stderr` for standard error.
        public var handle: String {
            let name = path.split(separator: "/").last.map(String.init) ?? path
            return name.hasSuffix(".stdout") ? String(name.dropLast(".stdout".count)) : name
        }
    }

    /// Bytes in the stream.
    public var totalBytes = 0
    /// Line ends in the stream.
    public var lineCount = 0
    /// The first bytes.
    public var head: [UInt8] = []
    /// The last bytes, without those in `head`.
    public var tail: [UInt8] = []
    /// Lines between the two that look like errors, with their neighbors, in order; only the first and the last ones if
    /// there are many.
    public var excerpts: [Excerpt] = []
    /// The file with the whole stream; nil if none was asked for or the stream was empty.
    public var file: File?

    /// Makes an empty stream.
    public init() {}

    /// The omitted bytes between head and tail.
    public var omittedBytes: Int { totalBytes - head.count - tail.count }

    /// The whole stream; nil if bytes were omitted.
    public var whole: [UInt8]? { omittedBytes == 0 ? head + tail : nil }
}

/// What is kept of one stream: its beginning, its end, and lines between them that look like errors.
public struct CapturedOutput: Sendable, Equatable {
    /// A line from the part that is not kept.
    public struct Excerpt: Sendable, Equatable {
        /// Counted from 1.
        public let line: Int
        /// Where the line begins in the stream, in bytes.
        public let offset: Int
        /// The line without its end, cut at 400 bytes.
        public let text: [UInt8]
        /// Whether the line looks like an error itself, or only stands beside one that does.
        public let isMatch: Bool
    }

    /// The file with the whole stream.
    public struct File: Sendable, Equatable {
        /// Where it is.
        public let path: String
        /// Bytes in it.
        public let writtenBytes: Int
        /// Bytes that came but are not in it, because of the limit or a failure.
        public let droppedBytes: Int
        /// Why writing stopped early, in words of the system; nil if it did not.
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
    /// The last bytes; never overlaps the first.
    public var tail: [UInt8] = []
    /// Lines between the two that look like errors, with their neighbours, in order; the first and the last of them
    /// when there are many.
    public var excerpts: [Excerpt] = []
    /// The file with the whole stream; nil if none was asked for or the stream was empty.
    public var file: File?

    /// Makes an empty stream.
    public init() {}

    /// Bytes between the first and the last that are not kept.
    public var omittedBytes: Int { totalBytes - head.count - tail.count }

    /// All the bytes, if all of them are kept.
    public var whole: [UInt8]? { omittedBytes == 0 ? head + tail : nil }
}

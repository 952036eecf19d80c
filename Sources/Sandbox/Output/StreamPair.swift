import Glibc
import OS

/// The two output streams of a command: pipes and captures.
struct StreamPair {
    private struct Stream {
        var pipe: Descriptor?
        var capture: OutputCapture
    }

    private static let chunk = 64 * 1024

    private var out: Stream
    private var err: Stream
    private var buffer = [UInt8](repeating: 0, count: Self.chunk)
    private let onOutput: (@Sendable (CommandRequest.Chunk) -> Void)?

    init(_ request: CommandRequest) {
        func stream(_ suffix: String, hasFile: Bool = true) -> Stream {
            let file = (hasFile ? request.log : nil).map {
                LogFile(path: "\($0.directory)/\($0.name).\(suffix)", limit: request.diskLimit)
            }
            return Stream(capture: OutputCapture(limit: request.outputLimit, file: file))
        }
        // What a program says that is spoken to is for its reader alone.
        out = stream("stdout", hasFile: request.connection != .pipes)
        err = stream("stderr")
        onOutput = request.onOutput
    }

    /// What to poll; -1 once the stream has ended.
    var stdout: Int32 { out.pipe?.raw ?? -1 }
    var stderr: Int32 { err.pipe?.raw ?? -1 }

    mutating func attach(stdout: Descriptor, stderr: Descriptor?) {
        out.pipe = stdout
        err.pipe = stderr
    }

    /// Reads one chunk; returns its size.
    @discardableResult
    mutating func read(_ stream: CommandRequest.Chunk.Stream) -> Int {
        switch stream {
        case .stdout: Self.read(&out, &buffer, stream, onOutput)
        case .stderr: Self.read(&err, &buffer, stream, onOutput)
        }
    }

    /// Reads the available bytes without waiting, at most this many of each, since a process may still be writing.
    mutating func drain(limit: Int) {
        for stream in [CommandRequest.Chunk.Stream.stdout, .stderr] {
            var left = limit
            while left > 0 {
                let count = read(stream)
                guard count > 0 else { break }
                left -= count
            }
        }
    }

    mutating func finish() -> (stdout: CapturedOutput, stderr: CapturedOutput) {
        (out.capture.finish(), err.capture.finish())
    }

    private static func read(
        _ stream: inout Stream, _ buffer: inout [UInt8], _ name: CommandRequest.Chunk.Stream,
        _ onOutput: (@Sendable (CommandRequest.Chunk) -> Void)?
    ) -> Int {
        guard let pipe = stream.pipe else { return 0 }
        let count = Glibc.read(pipe.raw, &buffer, buffer.count)
        if count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR) { stream.pipe = nil }
        guard count > 0 else { return 0 }
        buffer.withUnsafeBytes { stream.capture.append(UnsafeRawBufferPointer(rebasing: $0.prefix(count))) }
        onOutput?(CommandRequest.Chunk(stream: name, bytes: Array(buffer[..<count])))
        return count
    }
}

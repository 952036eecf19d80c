/// A command to run, with its limits.
public struct CommandRequest: Sendable {
    /// The command.
    public enum Command: Sendable, Equatable {
        /// A program, looked up in `PATH`, and its arguments.
        case arguments([String])
        /// A line for `bash -c`, or for `sh -c` where there is no bash.
        case shell(String)
    }

    /// The files for the whole output.
    public struct Log: Sendable, Equatable {
        /// The folder, which must exist; outside the working tree.
        public var directory: String
        /// The prefix of the names `NAME.stdout` and `NAME.stderr`; a file is made with the first byte.
        public var name: String

        /// Makes a place for output.
        public init(directory: String, name: String) {
            self.directory = directory
            self.name = name
        }
    }

    /// A piece of output as it arrives.
    public struct Chunk: Sendable, Equatable {
        /// The two streams.
        public enum Stream: String, Sendable { case stdout, stderr }

        /// The stream.
        public let stream: Stream
        /// At most 64 KiB; a character may be split.
        public let bytes: [UInt8]
    }

    /// The command.
    public var command: Command
    /// The folder to start in, inside the working tree; nil for the working tree itself.
    public var directory: String?
    /// Its environment.
    public var environment: SandboxEnvironment
    /// The time limit.
    public var timeout: Duration
    /// The time between SIGTERM and SIGKILL.
    public var grace: Duration = .seconds(2)
    /// The files for the whole output; nil for none.
    public var log: Log?
    /// The bytes of each stream kept in memory, half from its beginning and half from its end.
    public var outputLimit = 64 * 1024
    /// The most bytes of each stream written to its file; the rest is counted and dropped.
    public var diskLimit = 256 * 1024 * 1024
    /// How the standard streams are connected.
    public var connection: CommandConnection = .apart
    /// Called with each chunk of output on the thread that reads it; the thread waits for its return.
    public var onOutput: (@Sendable (Chunk) -> Void)?

    /// Makes a request with the default limits.
    public init(
        _ command: Command, directory: String? = nil, environment: SandboxEnvironment, timeout: Duration,
        log: Log? = nil
    ) {
        self.command = command
        self.directory = directory
        self.environment = environment
        self.timeout = timeout
        self.log = log
    }
}

extension CommandRequest.Command {
    /// The program and its arguments.
    func words(hasBash: Bool) -> [String] {
        switch self {
        case .arguments(let words): words
        case .shell(let line): [hasBash ? "/bin/bash" : "/bin/sh", "-c", line]
        }
    }
}

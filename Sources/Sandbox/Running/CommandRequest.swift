/// One command to run, with the limits that hold for it.
public struct CommandRequest: Sendable {
    /// What is executed.
    public enum Command: Sendable, Equatable {
        /// A program, looked up in `PATH`, and its arguments.
        case arguments([String])
        /// A line for `bash -c`, or for `sh -c` where there is no bash.
        case shell(String)
    }

    /// Where the whole output goes.
    public struct Log: Sendable, Equatable {
        /// The folder, which must exist; outside the working tree.
        public var directory: String
        /// The beginning of the names: `NAME.stdout` and `NAME.stderr`, made when there is something to write.
        public var name: String

        /// Names a place.
        public init(directory: String, name: String) {
            self.directory = directory
            self.name = name
        }
    }

    /// A piece of output as it arrives.
    public struct Chunk: Sendable, Equatable {
        /// Which of the two streams it came on.
        public enum Stream: String, Sendable { case stdout, stderr }

        /// The stream.
        public let stream: Stream
        /// At most 64 KiB; a character may be cut in two.
        public let bytes: [UInt8]
    }

    /// What is executed.
    public var command: Command
    /// The folder it starts in, inside the working tree; nil for the working tree itself.
    public var directory: String?
    /// Its environment.
    public var environment: SandboxEnvironment
    /// How long it may run.
    public var timeout: Duration
    /// How long it may take to end between SIGTERM and SIGKILL.
    public var grace: Duration = .seconds(2)
    /// Where the whole output goes; nil for nowhere.
    public var log: Log?
    /// Bytes of each stream kept in memory: one half from its beginning, one half from its end.
    public var outputLimit = 64 * 1024
    /// Bytes of each stream written to its file; what comes after is read, counted and dropped.
    public var diskLimit = 256 * 1024 * 1024
    /// How the standard streams are connected.
    public var connection: CommandConnection = .apart
    /// Is called with each piece of output on the thread that reads it, which waits for it to return.
    public var onOutput: (@Sendable (Chunk) -> Void)?

    /// Makes a request with the usual limits.
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

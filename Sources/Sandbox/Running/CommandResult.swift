import OS

/// What became of a command.
public struct CommandResult: Sendable {
    /// How the command ended.
    public enum Outcome: Sendable, Equatable {
        /// With this exit status.
        case exited(Int32)
        /// By this signal.
        case signalled(Int32)
        /// Graft ended it because its time was up.
        case timedOut
        /// Graft ended it because the task was cancelled.
        case cancelled
        /// It never ran: the program is missing, say.
        case notStarted(message: String)
    }

    /// What it used; with a sandbox, together with everything it started and waited for.
    public struct Usage: Sendable, Equatable {
        /// Processor time outside the kernel.
        public var user: Duration = .zero
        /// Processor time inside the kernel.
        public var system: Duration = .zero
        /// The largest resident size of any one process, in bytes; without a sandbox never below Graft's own.
        public var peakResidentBytes = 0
    }

    /// How it ended.
    public let outcome: Outcome
    /// From the call to the return.
    public let duration: Duration
    /// What it wrote to standard output.
    public let stdout: CapturedOutput
    /// What it wrote to standard error.
    public let stderr: CapturedOutput
    /// What it used.
    public let usage: Usage
    /// Whether something it started could not be ended: a process stuck in the kernel, or one that hid itself.
    public let leftProcesses: Bool
    /// The hosts, with their ports, that it wanted to reach and the policy does not allow.
    public var deniedHosts: [String] = []
    /// Whether something of it was killed because the memory was used up; with a control group also of a command
    /// beside it.
    public var ranOutOfMemory = false

    /// Whether it ran to its end with status 0.
    public var succeeded: Bool { outcome == .exited(0) }
}

extension CommandResult.Outcome {
    /// The status as a shell would tell it, the same with and without a sandbox; nil if Graft ended the command or
    /// it never ran.
    public var shellStatus: Int32? {
        switch self {
        case .exited(let status): status
        case .signalled(let signal): 128 + signal
        case .timedOut, .cancelled, .notStarted: nil
        }
    }
}

extension CommandResult.Usage {
    init(_ end: ChildProcess.End) {
        self.init(user: end.user, system: end.system, peakResidentBytes: end.peakResidentBytes)
    }
}

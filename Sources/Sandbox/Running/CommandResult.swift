import OS

/// The result of a command.
public struct CommandResult: Sendable {
    /// How the command ended.
    public enum Outcome: Sendable, Equatable {
        /// It exited with this status.
        case exited(Int32)
        /// This signal ended it.
        case signalled(Int32)
        /// Graft ended it after its time limit.
        case timedOut
        /// Graft ended it because the task was cancelled.
        case cancelled
        /// It did not start, for example because the program is missing.
        case notStarted(message: String)
    }

    /// What it used; in a sandbox together with its descendants.
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
    /// The time from the call to the return.
    public let duration: Duration
    /// Its standard output.
    public let stdout: CapturedOutput
    /// Its standard error.
    public let stderr: CapturedOutput
    /// What it used.
    public let usage: Usage
    /// Whether a process could not be ended: stuck in the kernel, or hidden.
    public let leftProcesses: Bool
    /// The hosts and ports that the policy refused.
    public var deniedHosts: [String] = []
    /// Where it failed: paths in its output that it did not find because they are closed to commands.
    public var closedPaths: [ClosedPath] = []
    /// Whether one of its processes was killed because memory was used up; with a control group also one of another
    /// command.
    public var ranOutOfMemory = false

    /// Whether it exited with status 0.
    public var succeeded: Bool { outcome == .exited(0) }
}

extension CommandResult.Outcome {
    /// The status as a shell reports it, the same with and without a sandbox; nil if Graft ended the command or it did
    /// not start.
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

import OS

/// A started command on any rung; used by one thread only.
///
/// Each rung has its own implementation; reading output, deadlines and cancellation are the same for all.
protocol LaunchedCommand: AnyObject {
    /// Becomes readable when the command ends.
    var exitDescriptor: Int32 { get }
    /// Becomes readable when the launcher has a report for ``readStatus()``; -1 if it never has.
    var statusDescriptor: Int32 { get }

    /// Whether the launcher has reported that no process of the command is left; it may still run itself.
    var isGone: Bool { get }

    func readStatus()
    /// Sends SIGTERM to the command's process group; false if it is empty.
    func terminate() -> Bool
    /// Kills the command.
    func kill()
    /// Reaps the command after its end, and kills what it has left behind.
    func reap() -> Ending
}

extension LaunchedCommand {
    var isGone: Bool { false }
}

/// The standard streams of a command; closed with the last owner.
struct CommandStreams {
    let input: Descriptor
    let output: Descriptor
    let error: Descriptor

    var all: [Descriptor] { [input, output, error] }
}

/// How a command ended by itself.
struct Ending {
    enum How {
        case exited(Int32)
        case signalled(Int32)
        /// The launcher ran, but the command did not; the reason is on standard error.
        case neverStarted
        /// The launcher could not start the command, for this reason.
        case failed(String)
        /// It could not be reaped in time.
        case stuck
    }

    var how: How
    var usage = CommandResult.Usage()
    var leftProcesses = false
    /// Whether the launcher has killed it because memory was used up.
    var ranOutOfMemory = false
    /// The hosts that the policy's proxy has refused.
    var deniedHosts: [String] = []
}

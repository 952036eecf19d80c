import OS

/// A command that has been started, whatever keeps it in; used by one thread only.
///
/// This is the seam between the rungs: what differs between them is behind it, and reading output, deadlines and
/// cancellation are in front of it.
protocol LaunchedCommand: AnyObject {
    /// Becomes readable when the command has ended.
    var exitDescriptor: Int32 { get }
    /// Becomes readable when the launcher has something to say to ``readStatus()``; -1 when it never will.
    var statusDescriptor: Int32 { get }

    /// Whether the launcher has said that nothing is left of the command, though it may not have ended itself.
    var isGone: Bool { get }

    func readStatus()
    /// Sends SIGTERM to the command's process group; false if there was nobody to send it to.
    func terminate() -> Bool
    /// Ends the command at once.
    func kill()
    /// Collects the command after it has ended, and ends all it has left behind.
    func reap() -> Ending
}

extension LaunchedCommand {
    var isGone: Bool { false }
}

/// The ends a command gets as its standard streams; ours are closed with the last owner.
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
        /// The launcher ran, but the command did not; the reason is on its standard error.
        case neverStarted
        /// The launcher could not start it, for this reason.
        case failed(String)
        /// It could not be collected in time.
        case stuck
    }

    var how: How
    var usage = CommandResult.Usage()
    var leftProcesses = false
    /// Whether the launcher has ended it because the memory was used up.
    var ranOutOfMemory = false
    /// What the policy's proxy has refused.
    var deniedHosts: [String] = []
}

/// A command with all that it starts with, looked up and checked; what keeps it in is not said here.
struct PreparedCommand {
    /// The program and its arguments; the program is not empty.
    let words: [String]
    let environment: SandboxEnvironment
    /// The folder it starts in, as the command sees it.
    let directory: String
    let streams: CommandStreams

    /// Fails for a command without a program.
    init(
        words: [String], environment: SandboxEnvironment, directory: String, streams: CommandStreams
    ) throws(LaunchFailure) {
        guard words.first?.isEmpty == false else { throw LaunchFailure("the command is empty") }
        self.words = words
        self.environment = environment
        self.directory = directory
        self.streams = streams
    }
}

/// A command, looked up and checked, without the sandbox around it.
struct PreparedCommand {
    /// The program and its arguments; the program is not empty.
    let words: [String]
    let environment: SandboxEnvironment
    /// The folder to start in, as the command sees it.
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

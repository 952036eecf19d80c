import ArgumentParser

/// `graft jobs`: looks at responses that are made in the background.
struct JobsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs",
        abstract: "List responses made in the background (--background); show one, wait for it, cancel it.",
        discussion: """
            The journals of sessions name the responses, the server says how they stand. ID is a response's id or the \
            start of one. A run that was killed takes its response up again when it is resumed.
            """,
        subcommands: [JobsListCommand.self, JobsShowCommand.self, JobsWaitCommand.self, JobsCancelCommand.self],
        defaultSubcommand: JobsListCommand.self)
}

import ArgumentParser

/// `graft review`: looks at the commits of a session, and takes or changes them.
struct ReviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review",
        abstract: "Look at a session's commits; accept, drop, reword, squash or split them.",
        discussion: """
            COMMIT is a number of the list, or the start of an id. Accepted commits go onto the branch that is checked \
            out; uncommitted work stays as it is, and everything that review did can be undone. Exit codes: 0, 1 for \
            what cannot be done as things are (nothing has changed then), 10 when verify fails, 64 for wrong arguments. \
            With --html FILE the whole review becomes one page for a browser, with a timeline of the session.
            """,
        subcommands: [
            ReviewViewCommand.self, ReviewListCommand.self, ReviewShowCommand.self, ReviewDiffCommand.self,
            ReviewAcceptCommand.self, ReviewDropCommand.self, ReviewRewordCommand.self, ReviewSquashCommand.self,
            ReviewSplitCommand.self, ReviewVerifyCommand.self, ReviewUndoCommand.self, ReviewExportCommand.self,
        ],
        defaultSubcommand: ReviewViewCommand.self)
}

import ArgumentParser
import Review

/// `graft review [SESSION]`: the view of a series on a terminal, and its list elsewhere.
struct ReviewViewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "view",
        abstract: "Go through a session's commits one by one; elsewhere than on a terminal, list them.",
        discussion: "Single keys accept, drop, edit, split, squash, verify and undo; ? shows them. Leave with q at any "
            + "time: everything is on disk, and the next graft review goes on at the first pending commit.")

    @OptionGroup var options: ReviewOptions

    @Argument(help: ArgumentHelp("The session (default: the latest of this repository).", valueName: "session"))
    var name: String?

    func run() async throws {
        try await options.review(name) { session, printer in
            try await ReviewTerminal(session: session, printer: printer).run()
        }
    }
}

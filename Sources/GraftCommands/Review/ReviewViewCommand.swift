import ArgumentParser
import JSON
import Responses
import Review
import Text

/// `graft review [SESSION]`: the view of a series on a terminal, and its list elsewhere.
struct ReviewViewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "view",
        abstract: "Go through a session's commits one by one; elsewhere than on a terminal, list them.",
        discussion: "Single keys accept, drop, edit, split, squash, verify and undo; ? shows them. Leave with q at any "
            + "time: everything is on disk, and the next graft review goes on at the first pending commit.")

    @OptionGroup var options: ReviewOptions

    @Option(help: ArgumentHelp("Write one page for a browser to this file; - is standard output.", valueName: "file"))
    var html: String?

    @Argument(help: ArgumentHelp("The session (default: the latest of this repository).", valueName: "session"))
    var name: String?

    func validate() throws {
        if html == "" { throw ValidationError("name the file behind --html; - is standard output") }
        if html == "-", options.json { throw ValidationError("--html - and --json cannot share standard output") }
    }

    func run() async throws {
        try await options.review(name, subcommands: ReviewCommand.subcommandNames) { session, printer in
            if let html {
                var random = SystemRandomNumberGenerator()
                let page = ReviewPage(session).html(using: &random)
                try PageFile(html).write(page)
                guard html != "-" else { return }
                return printer.show("wrote \(html), \(page.count.spelledAsBytes)\n") {
                    $0.member("page", html)
                    $0.member("bytes", page.count)
                }
            }
            try await ReviewTerminal(session: session, printer: printer).run()
        }
    }
}

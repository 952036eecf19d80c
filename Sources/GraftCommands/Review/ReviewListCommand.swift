import Agent
import ArgumentParser
import Evidence
import JSON
import Responses
import Review
import Terminal

/// `graft review list`: the commits of the series, a line each.
struct ReviewListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the commits of a session, oldest first.")

    @OptionGroup var options: ReviewOptions

    @Argument(help: ArgumentHelp("The session (default: the latest of this repository).", valueName: "session"))
    var name: String?

    func run() async throws {
        try await options.review(name) { try Self.list($0, $1) }
    }

    /// Prints the list.
    static func list(_ session: ReviewSession, _ printer: ReviewPrinter) throws {
        let series = try session.series()
        printer.show(ReviewListText(session, series, style: printer.style).text) { writer in
            session.write(into: &writer)
            writer.member("commits", array: { for commit in series { $0.object { commit.write(into: &$0) } } })
        }
    }
}

import ArgumentParser
import Responses
import Review
import Terminal

/// `graft review show`: one commit with its reason, its evidence and its pieces.
struct ReviewShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a commit: its reason, what was run around it, and its numbered pieces.")

    @OptionGroup var options: ReviewOptions

    @Argument(help: ArgumentHelp("The commit.", valueName: "commit"))
    var commit: String

    func run() async throws {
        try await options.review { session, printer in
            let targets = try ReviewTargets(session)
            let commit = try targets.one(commit)
            let diff = try session.diff(of: commit)
            printer.show(
                ReviewShowText(
                    commit, of: targets.series.count, diff: diff, command: session.command, style: printer.style
                )
                .text
            ) { writer in
                commit.write(into: &writer)
                diff.write(into: &writer)
            }
        }
    }
}

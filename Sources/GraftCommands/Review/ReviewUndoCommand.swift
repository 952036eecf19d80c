import ArgumentParser
import JSON
import Repository
import Responses
import Review
import Terminal
import Workspace

/// `graft review undo`: takes back what review did last.
struct ReviewUndoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo", abstract: "Take back what review did last; once more takes back what it did before that.")

    @OptionGroup var options: ReviewOptions

    func run() async throws {
        try await options.review { session, printer in
            let record = try session.undo()
            let count = record.commits.count == 1 ? "1 commit" : "\(record.commits.count) commits"
            let place = record.move.map { " on \($0.name.branchName)" } ?? ""
            printer.show(
                printer.style(.good, "✓ undone") + " \(record.operation.rawValue) of \(count)\(place)\n"
            ) { writer in
                writer.member("op", "undo")
                writer.member("n", record.number)
                writer.member("undone", record.operation.rawValue)
                writer.member("commits", array: { for commit in record.commits { $0.string(commit.hex) } })
                if let move = record.move {
                    writer.member("ref", move.name)
                    writer.member("before", move.after.hex)
                    writer.member("after", move.before.hex)
                }
            }
        }
    }
}

import ArgumentParser
import Glibc
import Review

/// What `graft review` does without a subcommand: the view on a terminal, the list elsewhere.
struct ReviewTerminal {
    let session: ReviewSession
    let printer: ReviewPrinter

    func run() async throws {
        let environment = ProcessEnvironment.current
        guard !printer.isJSON, session.want == nil,
            let view = try await TerminalReview(session, environment: environment)
        else {
            return try ReviewListCommand.list(session, printer)
        }
        switch try await view.run() {
        case .left(let pending, let count):
            printer.output.write(Self.farewell(pending: pending, count: count, session: "\(session.id)"))
        case .stopped(let signal): throw ExitCode(signal == SIGINT ? 130 : 143)
        }
    }

    private static func farewell(pending: Int, count: Int, session: String) -> String {
        let commits = count == 1 ? "1 commit" : "\(count) commits"
        guard pending > 0 else { return "\(commits) left in the series, none pending\n" }
        return "\(pending) of \(commits) pending; go on with: graft review \(session)\n"
    }
}

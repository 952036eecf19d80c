import Agent
import ArgumentParser
import JSON
import Review
import Session
import Terminal
import Text

/// The flags that all commands of `graft review` share: which session, where, and in which form to show it.
struct ReviewOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The session: its name, or the start or end of it (default: the latest).", valueName: "id"))
    var session: String?

    @Option(help: ArgumentHelp("A folder in the repository.", valueName: "dir"))
    var repo = "."

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var state: StateOptions

    /// Opens the review and lets the body work on it.
    ///
    /// - Parameters:
    ///   - name: The session, where it is named by an argument of its own.
    ///   - subcommands: Names for which that argument may be mistyped.
    func review(
        _ name: String? = nil, subcommands: [String] = [], _ body: (ReviewSession, ReviewPrinter) async throws -> Void
    ) async throws {
        let environment = ProcessEnvironment.current
        let printer = ReviewPrinter(
            output: StandardOutput(), style: TerminalStyle(descriptor: 1, environment: environment), isJSON: json)
        if let name, let session, name != session {
            throw ReviewError(.usage, "two sessions are named, \(name) and \(session)", nextStep: "name one")
        }
        let review = try find(name, subcommands, environment)
        if let notice = review.mend() { StandardError.write("graft: \(notice.marked)") }
        try await body(review, printer)
    }

    /// Finds the session; suggests a subcommand if the name looks like a mistyped one.
    private func find(_ name: String?, _ subcommands: [String], _ environment: [String: String]) throws -> ReviewSession
    {
        do {
            return try ReviewSession.find(name ?? session, in: repo, environment: environment)
        } catch let error as SessionError {
            guard let name, let near = NearName.of(name, in: subcommands) else {
                throw error
            }
            throw ReviewError(.usage, "there is no session '\(name)'", nextStep: "did you mean graft review \(near)?")
        }
    }
}

/// The commits that arguments name: numbers of the list, or starts of ids.
struct ReviewTargets {
    let session: ReviewSession
    let series: [ReviewedCommit]

    init(_ session: ReviewSession) throws {
        self.session = session
        series = try session.series()
        if let want = session.want, series.isEmpty { throw want }
    }

    /// The commit that is named.
    func one(_ text: String) throws -> ReviewedCommit { try session.commit(text, in: series) }

    /// The commits that are named, one by one or as in `2-4`, each once.
    func all(_ texts: [String]) throws -> [ReviewedCommit] {
        var seen: Set<Int> = []
        return try texts.flatMap(some).filter { seen.insert($0.number).inserted }
    }

    private func some(_ text: String) throws -> [ReviewedCommit] {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, ends.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isNumber) }) else {
            return [try one(text)]
        }
        let (first, last) = (try one(String(ends[0])).number, try one(String(ends[1])).number)
        guard first <= last else {
            throw ReviewError(.usage, "invalid range \"\(text)\"", nextStep: "write \(last)-\(first)")
        }
        return series.filter { (first...last).contains($0.number) }
    }
}

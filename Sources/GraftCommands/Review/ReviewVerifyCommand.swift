import Agent
import ArgumentParser
import Evidence
import Glibc
import JSON
import Repository
import Responses
import Review
import Sandbox
import Session
import Terminal
import Text

/// `graft review verify`: runs the session's command on clean checkouts of its commits.
struct ReviewVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Run the session's command on a clean checkout of the last commit, or of each one.",
        discussion: """
            Exits with 0 if it passes on all of them, else with 10. Behind -- another command may stand: one word is a \
            shell line, several are an argv.
            """)

    @OptionGroup var options: ReviewOptions

    @Flag(help: "At every commit of the series, not only at the last.")
    var each = false

    @Option(help: ArgumentHelp("auto, or off: your word that this machine is disposable.", valueName: "mode"))
    var sandbox: SandboxMode = .auto

    @OptionGroup var policy: PolicyOption

    @Option(
        help: ArgumentHelp("How long one run may take (default: 10m).", valueName: "duration"),
        transform: Duration.parse)
    var commandTimeout: Duration = .seconds(600)

    @Argument(help: ArgumentHelp("The commit (default: the last one).", valueName: "commit"))
    var commit: String?

    @Argument(
        parsing: .postTerminator,
        help: ArgumentHelp("Another command than the session's, behind --.", valueName: "command"))
    var command: [String] = []

    func validate() throws {
        guard command != [""] else { throw ValidationError("the command behind -- is empty") }
        try CommandWords.check(command, in: "graft review verify")
        if each, commit != nil { throw ValidationError("--each means all commits; leave out '\(commit ?? "")'") }
    }

    func run() async throws {
        try await options.review { session, printer in
            let targets = try ReviewTargets(session)
            let chosen = try each ? targets.series : [commit.map(targets.one) ?? targets.series.last].compactMap { $0 }
            let table = VerificationTable(chosen, style: printer.style)
            let sandbox = sandbox
            let policy = policy.choice
            let timeout = commandTimeout
            let ids = chosen.isEmpty ? [session.start] : chosen.map(\.id)
            let other = command.isEmpty ? nil : CommandRequest.Command(words: command)
            let text = other.map { Check($0, timeout: timeout).text } ?? session.command ?? ""
            if !printer.isJSON { printer.output.write(table.head(text)) }
            let results = try await Self.interruptible {
                try await session.verify(ids, with: other, sandbox: sandbox, policy: policy, timeout: timeout) {
                    result in
                    if !printer.isJSON { printer.output.write(table.row(result)) }
                }
            }
            let isPassing = results.allSatisfy(\.isPassing)
            if printer.isJSON {
                printer.show("") { writer in
                    writer.member("command", text)
                    writer.member("passed", isPassing)
                    writer.member("results", array: { for result in results { $0.object { result.write(into: &$0) } } })
                }
            }
            if !isPassing {
                let failed = results.count { !$0.isPassing }
                StandardError.write(
                    "graft: the command fails on \(failed) of \(results.count) commit\(results.count == 1 ? "" : "s")")
                throw ExitCode(10)
            }
        }
    }

    /// Runs the body and cancels it at a signal, so that no checkout is left behind.
    private static func interruptible<T: Sendable>(_ body: @escaping @Sendable () async throws -> T) async throws -> T {
        let work = Task { try await body() }
        Signals.handle { signal, earlier in
            if earlier > 0 { _exit(128 + signal) }
            work.cancel()
        }
        do {
            return try await work.value
        } catch is CancellationError {
            StandardError.write("graft: stopped; what had been verified by then is kept")
            throw ExitCode(130)
        }
    }
}

/// The table of a verification, a row as soon as it is known.
struct VerificationTable: Sendable {
    private let subjects: [CommitID: (number: String, subject: String)]
    private let widths: (number: Int, subject: Int)
    private let style: TerminalStyle

    init(_ commits: [ReviewedCommit], style: TerminalStyle) {
        let room = ScreenSize.columns(beside: 40, atLeast: 32)
        subjects = Dictionary(
            uniqueKeysWithValues: commits.map { ($0.id, ("\($0.number)", $0.subject.markedLine.cut(toColumns: room))) })
        widths = (
            subjects.values.map(\.number.count).max() ?? 0, max(20, subjects.values.map(\.subject.count).max() ?? 0)
        )
        self.style = style
    }

    func head(_ command: String) -> String { style(.faint, "$ \(command.marked)") + "\n\n" }

    func row(_ result: CommitVerification) -> String {
        let known = subjects[result.commit] ?? ("", "where the session began")
        let mark = result.isPassing ? style(.good, "✓ passes") : style(.bad, "✗ fails ")
        // Where no failure has a name, the last of what was printed says most.
        let printed = result.report.output.withoutStyling.marked.split(separator: "\n").suffix(10).map(String.init)
        let said = result.failureLines.isEmpty ? printed : result.failureLines.prefix(5).map(\.markedLine)
        let room = max(20, (style.columns ?? 207) - 7)
        let failures = said.map { "      " + style(.faint, $0.cut(toColumns: room)) + "\n" }.joined()
        let left = result.failureLines.count - 5
        let more = left > 0 ? style(.faint, "      and \(left) more") + "\n" : ""
        let tally = result.report.tests?.tally.map { ", \($0.spelled)" } ?? ""
        return "  " + known.number.aligned(to: widths.number) + "  " + style(.warning, result.commit.hex.prefix(10))
            + "  "
            + known.subject.padded(to: widths.subject) + "  \(mark)  " + result.report.duration.spelled.aligned(to: 8)
            + (result.isPassing ? "" : "  " + result.report.ending.markedLine + tally) + "\n"
            + (result.isPassing ? "" : failures + more)
    }
}

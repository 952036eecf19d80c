import Agent
import ArgumentParser
import Glibc
import JSON
import Repository
import Session
import Terminal
import Text
import Workspace

/// `graft clean`: removes what old sessions have left.
struct CleanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clean", abstract: "Remove what old sessions have left: working trees, references, folders.",
        discussion: """
            Without arguments: the working trees of runs that were killed, and the sessions in which nothing has \
            happened for 30 days and whose commits you have, or which have none. Never a running session, a branch \
            that is checked out, or anything that Graft has not made. Commits that are nowhere else go only with \
            --all or --session, and after a yes.
            """)

    @Option(
        help: ArgumentHelp("How old a session must be, such as 14d or 12h (default: 30d).", valueName: "age"),
        transform: Self.age)
    var olderThan: Duration?

    @Option(help: ArgumentHelp("This session, whatever its age; may be repeated.", valueName: "id"))
    var session: [String] = []

    @Option(help: ArgumentHelp("Only sessions of the repository of this folder (default: of all).", valueName: "dir"))
    var repo: String?

    @Flag(help: "Also sessions whose commits are nowhere else; of every age, unless --older-than says more.")
    var all = false

    @Flag(name: [.customShort("n"), .long], help: "Only say what would go.")
    var dryRun = false

    @Flag(help: "Delete commits that are nowhere else without asking.")
    var yes = false

    @OptionGroup var state: StateOptions

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        if !session.isEmpty, all || olderThan != nil {
            throw ValidationError("--session names what goes; leave --all and --older-than out")
        }
    }

    func run() async throws {
        let environment = ProcessEnvironment.current
        if let repo { try requireRepository(repo, environment) }
        let store = SessionStore(environment: environment)
        let cleaner = try SessionCleaner(store: store, environment: environment)
        let request = CleaningRequest(
            sessions: session.isEmpty ? nil : try named(store),
            minimumAge: olderThan ?? (all ? .zero : CleaningRequest.standardAge), takesUnsharedWork: all,
            repository: repo ?? ".", staysInRepository: repo != nil, now: time(nil))
        let plan = cleaner.plan(request)
        if let repo, let other = request.sessions?.first(where: { id in !plan.contains { $0.id == id } }) {
            throw Refusal("the session \(other) is not one of the repository at \(repo)")
        }
        let report = CleaningReport(
            plan, namesAll: !session.isEmpty, isDryRun: dryRun, home: environment["HOME"],
            style: TerminalStyle(descriptor: 1, environment: environment), now: request.now)
        try perform(report, with: cleaner, environment)
    }

    private func perform(
        _ report: CleaningReport, with cleaner: SessionCleaner, _ environment: [String: String]
    ) throws {
        var report = report
        let output = StandardOutput()
        let losses = report.plans.filter(\.losesWork)
        var isShown = false
        if !dryRun, !yes, !losses.isEmpty {
            guard !json, TypedAnswer.isPossible(environment), isatty(1) == 1 else {
                throw Refusal("\(Self.describe(losses)); add --yes to delete them, or -n to see which")
            }
            output.write(report.table)
            isShown = true
            output.write("\(Self.describe(losses)). Delete them? [y/N] ")
            let answer = TypedAnswer.line()?.lowercased() ?? ""
            if answer != "y" && answer != "yes" { report.keepWhatIsNowhereElse() }
        }
        if !dryRun {
            for (position, plan) in report.plans.enumerated() where plan.action != .keep {
                do { try cleaner.perform(plan) } catch { report.failures[position] = "\(error)" }
            }
        }
        output.write(json ? report.json() : Array(((isShown ? "" : report.table) + report.closing).utf8))
        for (position, reason) in report.failures.sorted(by: { $0.key < $1.key }) {
            StandardError.write("graft: cannot clean up session \(report.plans[position].id): \(reason.marked)")
        }
        if !report.failures.isEmpty { throw ExitCode(70) }
    }

    private func requireRepository(_ folder: String, _ environment: [String: String]) throws {
        do throws(RepositoryError) {
            _ = try GitRepository(discovering: folder, environment: environment)
        } catch {
            throw Refusal(error.description)
        }
    }

    /// The sessions that are named; one without a folder has to be named in full.
    private func named(_ store: SessionStore) throws(SessionError) -> [SessionID] {
        var ids: [SessionID] = []
        for text in session {
            do throws(SessionError) {
                ids.append(try store.resolve(text, repository: nil))
            } catch {
                guard let id = SessionID(parsing: text) else { throw error }
                ids.append(id)
            }
        }
        return ids
    }

    private static func describe(_ losses: [CleanupPlan]) -> String {
        let commits = losses.reduce(0) { $0 + $1.unsharedCommits.count }
        let (verb, noun) = commits == 1 ? ("is", "commit") : ("are", "commits")
        let sessions = losses.count == 1 ? "1 session" : "\(losses.count) sessions"
        let places = losses.compactMap(\.uncommitted).map { "changes in \($0) are in no commit" }
        let lost = commits > 0 ? ["\(commits) \(noun) of \(sessions) \(verb) nowhere else"] : []
        return (lost + places).joined(separator: ", and ")
    }

    private static func age(_ argument: String) throws -> Duration {
        guard let age = Duration(spelledOut: argument) else {
            throw ValidationError("invalid age '\(argument)'; write 14d or 12h")
        }
        return age
    }
}

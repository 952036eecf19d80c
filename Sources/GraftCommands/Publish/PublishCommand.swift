public import ArgumentParser
import Configuration
public import Publishing
import Repository
import Session
import Terminal
import Text
import Transport
import Workspace

/// `graft publish`: pushes a session's branch and opens or updates its pull or merge request.
struct PublishCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish",
        abstract: "Push a session's branch, and open or update its pull or merge request.",
        discussion: """
            Only what is proven is published: a session with the verdict fixed, and with --draft one that needs \
            review. A second call brings the same request up to date. The token comes from GH_TOKEN or GITHUB_TOKEN, \
            or from GITLAB_TOKEN. Nothing is pushed to the base or to a protected branch, and no commit that Graft has \
            not pushed is overwritten.
            """)

    @OptionGroup var state: StateOptions

    @OptionGroup var source: PublishSource

    @Option(help: ArgumentHelp("github or gitlab (default: as the remote's address says).", valueName: "forge"))
    var forge: ForgeKind?

    @Option(help: ArgumentHelp("The remote, by its name or address.", valueName: "remote"))
    var remote = "origin"

    @Option(
        help: ArgumentHelp(
            "The branch to merge into (default: the one that is checked out, if it is there, or the forge's).",
            valueName: "branch"))
    var base: String?

    @Option(help: ArgumentHelp("The branch to push to (default: graft/<session>).", valueName: "branch"))
    var branch: String?

    @Option(help: ArgumentHelp("The title (default: what the commits do).", valueName: "text"))
    var title: String?

    @Flag(help: "Open it as a draft; the only way for what needs review.")
    var draft = false

    @Option(help: ArgumentHelp("A label to add; may be repeated.", valueName: "name"))
    var label: [String] = []

    @Flag(help: "Publish what nothing proves; the request says so.")
    var forceUnverified = false

    @Flag(help: "Publish commits that change what the CI system runs.")
    var allowCiChanges = false

    @Flag(help: "Do nothing if the base branch has moved on since the run began.")
    var requireCurrentBase = false

    @Flag(help: "Print the push and the calls, ask nobody, and change nothing.")
    var print = false

    @Flag(help: "Print one JSON object.")
    var json = false

    @Option(
        help: ArgumentHelp("How long it may take, with all attempts (default: 5m).", valueName: "duration"),
        transform: Duration.parse)
    var maxTime: Duration = .seconds(300)

    func validate() throws {
        if let bad = label.first(where: { $0.contains(",") || $0.allSatisfy(\.isWhitespace) }) {
            throw ValidationError("\"\(bad)\" is no label; repeat --label for several")
        }
        if title?.contains(where: { !$0.isWhitespace }) == false { throw ValidationError("the title is empty") }
    }

    func run() async throws {
        let environment = ProcessEnvironment.current
        let found = try source.series(environment)
        if !allowCiChanges { try found.series.requireNoDefinitions(in: found.repository) }
        let address = try address(in: found.repository)
        let place = try ForgePlace(address, kind: forge, environment: environment, remote: remote)
        // A dry run needs no token.
        let token = print ? nil : try ForgeToken(place.kind, environment: environment)
        let git = RemoteRepository(
            address.plain, for: found.repository,
            authorization: address.isHTTP ? token?.gitHeader : nil)
        let publication = try Publication(
            found.series, at: place, remote: git, choices: try choices(found, environment), in: found.repository)
        let text = PublicationText(
            style: TerminalStyle(descriptor: 1, environment: environment), kind: place.kind, remote: remote)
        guard let token else {
            let plan = try publication.plan()
            return StandardOutput().write(json ? text.json(plan) : Array(text.text(plan).utf8))
        }
        let http = HTTPClient(
            trust: TLSTrust(environment: environment),
            proxy: ProxySetting.select(for: place.api, environment: environment))
        let outcome = try await publication.publish(token: token, http: http, limit: maxTime) { line in
            StandardError.write("graft: \(line.marked)")
        }
        StandardOutput().write(json ? text.json(outcome) : Array(text.text(outcome).utf8))
        if let failure = StepFiles(environment: environment).writeOutputs(StepOutputs(outcome)) {
            throw Refusal(failure, code: Verdict.internal.exitCode)
        }
    }

    private func address(in repository: GitRepository) throws -> RemoteAddress {
        let text: String
        do throws(RepositoryError) { text = try repository.pushAddress(of: remote) } catch {
            guard error.code == .notFound else { throw error }
            throw Refusal(error.description)
        }
        guard let address = RemoteAddress(text) else {
            throw Refusal("the address of the remote \(remote) is of a kind that cannot be published to")
        }
        return address
    }

    private func choices(_ found: PublishSource.Found, _ environment: [String: String]) throws -> PublicationChoices {
        // The repository's file may protect more branches; it counts as it is in the base commit.
        let theirs = try Settings.file(of: found.repository, at: found.series.base)
        let rules = try Settings.file(environment: environment).completed(by: theirs).ci
        var choices = PublicationChoices(branch: branch ?? found.branch) { rules.protects($0) }
        choices.base = base
        if case .branch(let name, _) = try found.repository.head, !name.hasPrefix("graft/") {
            choices.checkedOut = name
        }
        choices.isDraft = draft
        choices.labels = label.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        choices.title = title.map { $0.stripped.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
        choices.takesUnproven = forceUnverified
        choices.requiresCurrentBase = requireCurrentBase
        let names = ForgeKind.allCases.flatMap(ForgeToken.variables) + ["OPENAI_API_KEY"]
        choices.secrets = names.compactMap { name in environment[name].map { (name, $0) } }
        return choices
    }
}

extension ForgeKind: ExpressibleByArgument {}

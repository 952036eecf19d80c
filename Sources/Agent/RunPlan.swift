import Configuration
import Evidence
import OS
import Prompts
import Repository
import Responses
import Sandbox
import Session
import Text
import Tools
import Transport
import Workspace

/// What a run is made of, worked out from the request, the files and the environment before anything is changed.
struct RunPlan {
    /// All settings, merged.
    let settings: Settings
    /// What commands may see and change.
    let policy: SessionPolicy
    /// The skills that the session may use.
    let skills: Skills
    /// Those of them that the model is told of.
    private let skillList: SkillList
    /// Makes the place to work in.
    let maker: WorkspaceMaker
    private let request: RunRequest
    private let route: ModelServer
    /// Why the server cannot be asked for anything; nil where it can.
    private let missingKey: RunEnding?
    /// What the rules for CI say.
    let unattended: RunPolicy
    private var catalog: ToolCatalog
    /// The tools that run on the server.
    private let hosted: [HostedTool]
    /// The MCP servers.
    private(set) var servers: ServerPlan
    /// The tool by which the model tells its plan.
    private let planTool = UpdatePlan()
    /// The browser of the tool `computer`; nil where the model does not have it.
    private let desk: ComputerDesk?
    private let provider: ProviderProfile
    private let preconnection: Preconnection?

    /// Reads what has to be known.
    ///
    /// - Throws: `RunEnding`, `ConfigurationError`, `RepositoryError`, `SandboxError`, `WorkspaceError` and
    ///   `TransportError` for what cannot be used.
    ///
    /// - Parameter state: What a session that goes on has recorded; nil for a new one.
    init(_ request: RunRequest, resuming state: SessionState? = nil) throws {
        let environment = request.environment
        let own = try Settings.own(flags: request.settings, environment: environment)
        (route, missingKey) = try ModelServer.withOrWithoutKey(settings: own, environment: environment)
        provider = own.provider ?? .openai
        // The server is far away: the socket is opened while the repository is.
        let usesSocket =
            !request.usesHTTPOnly && provider.hasWebSocket && own.background != true && state?.pending == nil
            && missingKey == nil
        preconnection = usesSocket ? Preconnection(route) : nil
        maker = try WorkspaceMaker(
            discovering: request.repository, environment: environment,
            base: state?.start.flatMap { CommitID($0.base) })
        let theirs = try Settings.file(of: maker.repository, at: maker.base)
        settings = try own.completed(by: theirs)
        unattended =
            state == nil
            ? try RunPolicy(settings.ci, in: maker.repository, at: maker.base, environment: environment)
            : RunPolicy(resuming: state?.start, in: maker.repository)
        if case .fix = request.job, request.usesFixers { fixers = settings.fixers ?? [] } else { fixers = [] }
        // Fixers may do without a model.
        if let missingKey, fixers.isEmpty { throw missingKey }
        var policy: SessionPolicy
        if request.settings.policy == nil, let run = state?.start, let recorded = try SessionPolicy(of: run) {
            policy = recorded
        } else {
            policy = try SessionPolicy(own: own, repository: theirs, environment: environment)
        }
        skills = Skills(
            of: maker.repository, at: maker.base,
            folder: Self.folder(request.repository, in: maker.repository.workingDirectory),
            root: maker.repository.workingDirectory, settings: settings, environment: environment)
        skillList = skills.list(
            window: settings.contextWindow ?? ModelWindow.tokens(of: settings.model ?? "", provider: provider))
        policy.skillFolders = skills.ownFolders
        self.policy = policy
        if case .fix = request.job, policy.profile.isTreeWritable == false {
            throw RunEnding(
                .usage,
                "graft fix needs a policy under which the working tree can be changed (working_tree = \"write\"); "
                    + "to have commands only look, use graft run")
        }
        let isConfigured = request.takesConfiguredCommand && settings.verify != nil
        checkSource =
            isConfigured
            ? (own.verify == nil ? .repository : .user)
            : request.proposal == nil ? state?.start?.commandSource : .proposal
        let command = request.command ?? (isConfigured ? settings.verify.map { .shell($0) } : nil)
        check = command.map { [settings] in
            var check = Check($0, timeout: settings.commandTimeout ?? .seconds(600))
            check.reports = settings.reports ?? []
            return check
        }
        if case .fix = request.job, check == nil {
            throw RunEnding(unnamedCommand: request.proposals)
        }
        hosted = try settings.hostedTools(environment: environment)
        servers = ServerPlan(
            own: own, repository: theirs, root: maker.repository.workingDirectory, environment: environment,
            questions: request.serverQuestions)
        desk = try Self.desk(settings, provider: provider, environment: environment, state)
        catalog = ToolCatalog([], for: provider)
        self.request = request
    }

    /// The plan with its tools; asks about servers that nobody has answered for.
    func choosingTools() async -> RunPlan {
        var plan = self
        await plan.servers.decide()
        plan.catalog = ToolCatalog(
            ToolCatalog.standard(ordersSteps: ordersSteps, plan: planTool, skills: skills.offered(skillList))
                + (desk.map(UseComputer.all) ?? []) + settings.serverApprovals,
            for: provider,
            hosted: hosted.map(\.definition), sources: plan.servers.namespaces,
            search: ToolSearchSettings(settings, for: provider))
        return plan
    }

    /// The browser, if the tool for it is on.
    ///
    /// - Throws: `RunEnding` where it cannot be had.
    private static func desk(
        _ settings: Settings, provider: ProviderProfile, environment: [String: String], _ state: SessionState?
    ) throws(RunEnding) -> ComputerDesk? {
        guard settings.tools.choices.contains(.computer) else { return nil }
        guard provider == .openai else {
            throw RunEnding(
                .usage, "the tool computer needs a server that knows it; those of the kind compatible do not")
        }
        do throws(ToolRefusal) { try ComputerDesk.checkBrowser(environment: environment) } catch {
            throw RunEnding(.usage, error.message)
        }
        return ComputerDesk(
            actionLimit: settings.toolSettings.computer?.actionLimit,
            isResumed: state?.window.items.contains { $0.type == "computer_call_output" } == true)
    }

    /// What is run before the model is asked.
    let fixers: [Fixer]

    /// Refuses to ask the model where that would be in vain: without a key, or for a branch that has moved on.
    func requireUse(telling events: any EventSink) async throws {
        if let missingKey { throw missingKey }
        guard let moved = try await unattended.watch?.movement(telling: events) else { return }
        throw RunEnding(.skipped, "\(moved); start it anew there")
    }

    /// A good end, unless the branch that it is about has moved on meanwhile.
    func unlessMoved(_ ending: RunEnding, telling events: any EventSink) async -> RunEnding {
        guard ending.verdict == .fixed, let watch = unattended.watch,
            // A run that has to stop asks nobody any more.
            let moved = try? await watch.movement(telling: events)
        else { return ending }
        return RunEnding(.skipped, "\(ending.message), but \(moved): it is not for publishing")
    }

    /// The developer message of the session.
    var rules: String { Prompt.developer(tools: catalog.names) }

    /// The server.
    var endpoint: String { route.endpoint.description }

    /// Whether the command that decides is run before anything is done.
    var runsBaseline: Bool { if case .fix = request.job { true } else { false } }

    /// How often the command is run before anything is done.
    var confirmations: Int { settings.confirmations ?? 1 }

    /// How often it has to pass on the last commit.
    var repetitions: Int { settings.repetitions ?? 1 }

    /// Whether it has to pass on each commit of the series.
    var verifiesEach: Bool { settings.verifiesEach ?? false }

    /// Whether the model is asked even where it can mend nothing.
    var isForced: Bool { request.isForced }

    /// Looks for changes to what decides; nil where nothing is protected.
    ///
    /// - Throws: `RepositoryError` for a commit that cannot be read.
    func guardian(in place: Workspace) throws(RepositoryError) -> TamperGuard? {
        let choice = ProtectionChoice(settings, for: request.job)
        let rules = try ProtectedPaths(choice, command: check?.text, in: place.repository, at: place.start)
        return rules.isEmpty ? nil : TamperGuard(repository: place.repository, start: place.start, rules: rules)
    }

    /// Whether the model is asked to order its steps.
    var ordersSteps: Bool { settings.series ?? true }

    /// The command that decides, if there is one.
    let check: Check?
    /// Where the command that decides was found, if not in the request.
    private let checkSource: RunStart.CommandSource?

    /// How the working tree is made.
    var treeOptions: WorkspaceMaker.Options {
        .init(
            tree: request.tree, sandbox: request.sandbox, untrackedByteLimit: settings.untrackedByteLimit ?? 8 << 20)
    }

    private var commandTimeout: Duration { settings.commandTimeout ?? .seconds(600) }

    /// Writes the messages of a session's commits.
    func messages(for session: SessionID) -> StepMessage {
        StepMessage(
            session: session, model: settings.model ?? "", hasAttribution: settings.attribution ?? true,
            attempt: unattended.attempt)
    }

    /// The model behind its server; the connection is opened meanwhile.
    ///
    /// - Parameter earlier: A response in the background that an earlier process has asked for.
    func client(clock: RunClock, takingUp earlier: ResponseID? = nil) -> any Model {
        var parameters = RequestParameters(settings, catalog: catalog, hosted: hosted)
        // What keeps Graft from making its folder is told when the session's is made.
        try? SessionFolder.makeRoot(environment: request.environment)
        let key = CacheKey(
            place: maker.repository.commonDirectory, parameters: parameters, profile: provider,
            rules: rules, environment: request.environment, now: clock.date)
        parameters.cacheKey = key.value
        if compactionPolicy.mode == .server { parameters.compactionThreshold = compactionPolicy.threshold }
        let (route, provider, usesSocket) = (route, provider, !request.usesHTTPOnly)
        let (preconnection, warmsUp) = (preconnection, settings.prewarm ?? false)
        let plain = { @Sendable [parameters] (mayUseSocket: Bool) -> any Model in
            ModelClient(
                route: route, parameters: parameters, profile: provider, usesSocket: usesSocket && mayUseSocket,
                preconnection: preconnection, warmsUp: warmsUp)
        }
        let isInBackground = settings.background == true || (earlier != nil && takesUpResponses)
        guard isInBackground else { return KeyedModel(plain(true), key: key) }
        let model = BackgroundModel(
            route: route, parameters: parameters, profile: provider, takingUp: earlier, plain: plain)
        return KeyedModel(model, key: key)
    }

    /// Ends a response that an earlier process has asked for in the background, whose answer nobody will read: it costs
    /// money as long as it goes on.
    func drop(_ response: ResponseID, telling events: any EventSink) async {
        do throws(TransportError) {
            let stored = try await route.cancel(response, within: .seconds(10))
            guard stored.status == "cancelled" else { return }
            events.record(.notice("the response \(response), which was asked for before, was cancelled"))
        } catch {
            // One that the server does not have any more costs nothing.
            if case .refused(status: 404) = error.code { return }
            events.record(
                .notice(
                    "the response \(response), which was asked for before, could not be cancelled "
                        + "(\(error.description)); graft jobs cancel \(response)"))
        }
    }

    /// Whether a response in the background that an earlier process has asked for may be taken up.
    var takesUpResponses: Bool { settings.zeroRetention != true }

    /// Makes a long history shorter, in the ways of a model.
    ///
    /// - Parameter state: What is known of the session.
    func compaction(by model: any Model, after state: SessionState) -> Compaction {
        Compaction(policy: compactionPolicy, routes: model.compactionRoutes, after: state)
    }

    private var compactionPolicy: CompactionPolicy {
        CompactionPolicy(
            mode: settings.compaction ?? .milestones,
            limit: settings.contextWindow ?? ModelWindow.tokens(of: settings.model ?? "", provider: provider),
            threshold: settings.compactionThreshold)
    }

    /// What the run's first record says.
    func start(in place: Workspace, at date: Int) -> RunStart {
        var start = RunStart(
            repository: place.repository.workingDirectory, base: place.base.hex, start: place.start.hex,
            branch: place.session.branch, tree: place.files.root, task: request.task, command: check?.text,
            model: settings.model ?? "", endpoint: route.endpoint.description, sandbox: place.sandbox.summary,
            policy: place.policy.toml, time: date, treeKind: place.tree.kind)
        start.commandSource = checkSource
        start.upstream = unattended.watch?.upstream
        start.choices = choices
        if place.start != place.base {
            // Only a hint depends on it.
            let taken = (try? place.repository.changedFiles(from: place.base, to: place.start)) ?? []
            start.uncommitted = Array(taken.prefix(RunStart.uncommittedLimit).map(\.path))
        }
        return start
    }

    /// What a session that goes on is to do in the same way.
    private var choices: RunChoices {
        var choices = RunChoices()
        choices.sandbox = request.sandbox == .auto ? nil : request.sandbox.rawValue
        choices.transport = request.usesHTTPOnly ? "http" : nil
        choices.provider = provider.rawValue
        choices.effort = settings.effort?.description
        choices.verbosity = settings.verbosity?.description
        choices.ordersSteps = ordersSteps
        choices.commandTimeout = settings.commandTimeout
        choices.repetitions = settings.repetitions
        choices.verifiesEach = settings.verifiesEach
        choices.attempt = unattended.attempt
        choices.reports = settings.reports?.map(\.text) ?? []
        choices.pictures = request.pictures.map(\.path)
        choices.protecting = settings.protection.protecting
        choices.allowing = settings.protection.allowing
        choices.tools = settings.tools.choices.map(\.description)
        return choices
    }

    /// Where the person is, below the root of the tree.
    private static func folder(_ path: String, in root: String) -> BytePath {
        FilePath.resolved(path).flatMap { FilePath.rest(of: $0, below: root)?.dropFirst() }.map { BytePath($0) } ?? ""
    }

    /// What a person should know before the model begins, a sentence each.
    var notices: [String] { proposal + settings.unknownValues + servers.notices + skills.notices + skillList.notices }

    /// Where a command that nobody typed comes from.
    private var proposal: [String] {
        request.proposal.map { ["the command was proposed: \($0.reason)"] } ?? []
    }

    /// What people have written for agents, for the folder from which the run was asked for.
    func instructions(in place: Workspace, events: any EventSink) -> Instructions {
        return Instructions(
            of: place.repository, at: place.base,
            folder: Self.folder(request.repository, in: place.repository.workingDirectory),
            root: place.shownRoot, settings: settings, environment: request.environment, events: events)
    }

    /// The tools of a place.
    func tools(
        in place: Workspace, messages: StepMessage, clock: RunClock, events journal: any RunJournal,
        reopened: ReopenedWorkspace? = nil
    ) -> ToolDispatcher {
        let events = MilestoneWatch(journal)
        let shell = ShellRunner(
            sandbox: place.sandbox, environment: place.environment, folder: place.folder, events: events,
            longestTimeout: commandTimeout, closedPaths: place.closedPaths)
        if let list = journal.state.work.todoList { planTool.take(list, in: journal) }
        if desk != nil, let reason = ComputerDesk.obstacle(in: place.sandbox) { journal.record(.notice(reason)) }
        let commands = RunningCommands(shell, earlierCount: reopened?.history.startedCommandCount ?? 0)
        let steps = StepWriter(
            tree: place.files, session: place.session, messages: messages, events: events,
            signature: { [repository = place.repository] in repository.signature(seconds: Int64(clock.date())) },
            known: place.leftOut, reopened: reopened,
            runningCommands: { commands.takeUnsettled() })
        return ToolDispatcher(
            catalog: catalog, steps: steps, shell: shell, commands: commands,
            approvals: approvals(place, earlier: journal.state.grants, events: events), events: events,
            shelf: shelf(of: sources(in: place, events: events), given: journal.state.window.toolItems))
    }

    /// The sources of further tools, which are begun in a place.
    private func sources(in place: Workspace, events: any EventSink) -> [any ToolSource] {
        servers.sources(
            beside: place.sandbox, variables: place.environment, logs: place.folder.output, events: events)
    }

    private func shelf(of sources: [any ToolSource], given: [Item]) -> ToolShelf? {
        guard !sources.isEmpty else { return nil }
        let shelf = catalog.shelf(of: sources, given: given)
        shelf.start()
        return shelf
    }

    /// Who decides what the model may do beyond its policy.
    private func approvals(
        _ place: Workspace, earlier: [ApprovalReport], events: any EventSink
    ) -> ApprovalGate {
        let environment = request.environment
        let bounds = ApprovalBounds(
            place.sandbox, home: environment["HOME"] ?? "/root",
            folders: [SessionFolder.root(environment: environment), Settings.folder(environment: environment)])
        return ApprovalGate(
            bounds: bounds, rules: settings.rules, ask: settings.approvals == .never ? nil : request.ask,
            earlier: settings.approvals == .never ? [] : earlier, events: events)
    }
}

import Configuration
import Evidence
import Glibc
import Prompts
import Repository
import Responses
import Sandbox
public import Session
import Text
import Transport
import Workspace

/// One run from the question to the verdict.
public struct Run: Sendable {
    let request: RunRequest
    let journal: Journal
    let interruption: Interruption
    let record = RunRecord()

    /// Prepares a run; nothing happens before `execute`.
    public init(_ request: RunRequest, journal: Journal, interruption: Interruption) {
        self.request = request
        self.journal = journal
        self.interruption = interruption
    }

    /// Runs to the end, whatever the end is; the last event is always the result.
    public func execute() async -> RunResult {
        let start = ContinuousClock.now
        let work = Task { try await perform(start: start) }
        interruption.onRaise { work.cancel() }
        let ending: Ending
        do { ending = try await work.value } catch {
            // Whatever breaks because the run was interrupted is the interruption.
            ending = interruption.reason.map { Ending($0) } ?? Ending(error, interruption: interruption)
        }
        return finish(ending, start: start)
    }

    /// Ends a run that does not end by itself: the result is written and nothing is waited for.
    public func abandon(_ reason: Interruption.Reason) -> RunResult {
        finish(Ending(reason), start: nil)
    }

    private func finish(_ ending: Ending, start: ContinuousClock.Instant?) -> RunResult {
        var ending = ending
        if let failure = journal.failure { ending = Ending(.internal, failure.description) }
        record.note { if let start { $0.duration = .now - start } }
        let result = record.result(ending)
        if record.isFirstToFinish {
            journal.record(.runFinished(result))
            journal.close()
        }
        return result
    }

    private func perform(start: ContinuousClock.Instant) async throws -> Ending {
        let environment = request.environment
        let own = try request.settings.over(Settings(environment: environment))
            .over(Settings.file(environment: environment))
        let provider = own.provider ?? .openai
        let route = try ModelRoute(settings: own, environment: environment)
        let maker = try WorkspaceMaker(discovering: request.repository, environment: environment)
        let (repository, base) = (maker.repository, maker.base)
        let theirs = try Settings.file(of: repository, at: base)
        let settings = try own.over(theirs.narrowedToRepository).over(.standard).checked()
        let policy = try SessionPolicy(own: own, repository: theirs, environment: environment)
        if case .fix = request.job, policy.profile.isTreeWritable == false {
            throw Ending(
                .usage,
                "graft fix needs a policy under which the working tree can be changed (working_tree = \"write\"); "
                    + "to have commands only look, use graft run")
        }

        var random = SystemRandomNumberGenerator()
        let session = SessionID(secondsSince1970: time(nil), using: &random)
        let tools = Toolset.definitions(for: provider, ordersSteps: settings.series ?? true)
        let client = ModelClient(
            route: route,
            parameters: RequestParameters(
                model: settings.model ?? "", effort: settings.effort, verbosity: settings.verbosity,
                cacheKey: "graft-\(session)", tools: tools.always, historyTools: tools.history),
            profile: provider, usesSocket: !request.usesHTTPOnly)
        do {
            let folder = try SessionFolder(session, environment: environment)
            try journal.open(folder: folder.path)
            journal.record(.threadStarted(session))
            record.note {
                $0.sessionFolder = folder.path
                $0.base = base.hex
            }
            let messages = StepMessage(
                session: session, model: settings.model ?? "", hasAttribution: settings.attribution ?? true)
            let place = try await maker.make(
                session, in: folder, messages: messages, policy: policy,
                options: .init(
                    tree: request.tree, sandbox: request.sandbox,
                    untrackedByteLimit: settings.untrackedByteLimit ?? 8 << 20),
                events: journal)
            let ending = try await work(
                in: place, client: client, settings: settings, messages: messages, endpoint: route.endpoint.description,
                start: start)
            await client.close()
            return ending
        } catch {
            await client.close()
            throw error
        }
    }

    private func work(
        in place: Workspace, client: ModelClient, settings: Settings, messages: StepMessage, endpoint: String,
        start: ContinuousClock.Instant
    ) async throws -> Ending {
        let timeout = settings.commandTimeout ?? .seconds(600)
        let check = request.command.map { Check($0, timeout: timeout) }
        journal.record(
            .runStarted(
                RunStart(
                    repository: place.repository.workingDirectory, base: place.base.hex, start: place.start.hex,
                    branch: place.session.branch, tree: place.files.root, task: request.task, command: check?.text,
                    model: settings.model ?? "", endpoint: endpoint, sandbox: place.sandbox.summary,
                    policy: place.policy.toml, time: time(nil),
                    treeKind: place.tree.kind)))
        if let check, ShellLine(check.text).hidesStatus {
            journal.record(
                .notice("only the exit status of the last part of the command counts; set -o pipefail counts all of it")
            )
        }
        let shell = ShellRunner(
            sandbox: place.sandbox, environment: place.environment, folder: place.folder, journal: journal,
            longestTimeout: timeout)
        // An uncommitted work's commit is on the branch before there is any step.
        if place.start != place.base {
            record.note {
                $0.branch = place.session.branch
                $0.commit = place.start.hex
            }
        }
        let bench = Workbench(
            tree: place.files, session: place.session, shell: shell, messages: messages, journal: journal,
            record: record,
            signature: { [repository = place.repository] in repository.signature(seconds: Int64(time(nil))) },
            approvals: approvals(place, settings: settings))
        let clock = deadline(settings.maxTime, from: start)
        defer { clock?.cancel() }

        let outcome: Result<Ending, any Error>
        do {
            outcome = .success(
                try await turns(in: place, client: client, bench: bench, check: check, settings: settings, start: start)
            )
        } catch {
            outcome = .failure(error)
        }
        try await leave(place, bench: bench)
        return try outcome.get()
    }

    private func turns(
        in place: Workspace, client: ModelClient, bench: Workbench, check: Check?, settings: Settings,
        start: ContinuousClock.Instant
    ) async throws -> Ending {
        var baseline: CheckResult?
        if case .fix = request.job, let check {
            let result = try await runBaseline(check, in: place)
            if result.isPassing { return Ending(.alreadyPassing, "the command passes already; there is nothing to do") }
            baseline = result
        }
        var loop = TurnLoop(
            client: client, bench: bench, journal: journal, record: record,
            window: firstWindow(place, check: check, baseline: baseline),
            budget: Budget(settings: settings, start: start), ordersSteps: settings.series ?? true,
            judge: check.map { judge($0, in: place) })
        for item in loop.window.items { journal.record(.inputItem(item, turn: 0)) }
        return try await loop.run()
    }

    /// Runs the command before anything is done; what it leaves in the tree is not the model's work.
    private func runBaseline(_ check: Check, in place: Workspace) async throws -> CheckResult {
        let result = await check.run(
            in: place.sandbox, environment: place.environment,
            log: .init(directory: place.folder.output, name: "baseline"))
        try Task.checkCancellation()
        if case .notStarted(let message) = result.command.outcome {
            throw Ending(.usage, "the command cannot be started: \(message)")
        }
        let report = CommandReport(result)
        record.note { $0.baseline = report }
        journal.record(.baseline(report, failures: result.failures.map(\.name)))
        try place.files.ignoreUntracked()
        return result
    }

    private func judge(_ check: Check, in place: Workspace) -> @Sendable (CommitID) async throws -> CheckResult {
        let (journal, record) = (journal, record)
        return { commit in
            let result = try await Verifier(place.tree.checkouts).verify(
                commit, with: check, environment: place.environment,
                log: .init(directory: place.folder.output, name: "verify-\(commit.hex.prefix(10))"))
            try Task.checkCancellation()
            let verification = Verification(commit: commit.hex, report: CommandReport(result))
            record.note {
                $0.verification = verification
                $0.commit = commit.hex
            }
            journal.record(.verified(verification))
            return result
        }
    }

    /// Ends what still runs, commits what is left to commit, takes the working tree away, and notes what there is.
    private func leave(_ place: Workspace, bench: Workbench) async throws {
        await bench.windUp()
        let commits = await bench.commits
        let tip = await bench.tip
        let branch = await bench.branch.name
        let hasBranch = !commits.isEmpty || place.start != place.base
        record.note {
            $0.commits = commits
            $0.branch = hasBranch ? branch : nil
            $0.commit = hasBranch ? tip.hex : nil
        }
        try place.leave(commits: commits.count)
        AbandonedTrees(repository: place.repository, environment: request.environment).remove()
    }

    private func deadline(_ limit: Duration?, from start: ContinuousClock.Instant) -> Task<Void, Never>? {
        guard let limit else { return nil }
        let interruption = interruption
        return Task {
            // A cancelled sleep means that the run ended in time.
            guard (try? await Task.sleep(until: start + limit, clock: .continuous)) != nil else { return }
            interruption.raise(.timeUp)
        }
    }

    /// What the model knows when it begins: the rules, the place, the task.
    private func firstWindow(_ place: Workspace, check: Check?, baseline: CheckResult?) -> Window {
        var window = Window()
        window.append(.message(role: "developer", text: Prompt.developer))
        var task = """
            Repository: \(place.files.root)
            Commit: \(place.start.hex)


            """
        if let rights = place.sandbox.rightsForModel { task += rights + "\n\n" }
        switch request.job {
        case .fix: task += Prompt.fix
        case .prompt(let text, _): task += text + "\n"
        }
        if let check { task += "\nThe command that decides:\n\n    \(check.text)\n" }
        if let baseline { task += "\n" + baseline.forModel }
        window.append(.message(role: "user", text: task))
        return window
    }
}

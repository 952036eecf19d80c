import Configuration
import Evidence
import Glibc
import Prompts
import Repository
import Responses
import Sandbox
public import Session
import Text
import Tools
import Transport
import Workspace

/// One run from the question to the verdict.
public struct Run: Sendable {
    private let request: RunRequest
    private let journal: Journal
    private let interruption: Interruption
    private let clock: RunClock
    private let random: any RandomNumberGenerator & Sendable

    /// Prepares a run; nothing happens before `execute`.
    ///
    /// - Parameter random: The chance from which the session gets its name.
    public init(
        _ request: RunRequest, journal: Journal, interruption: Interruption, clock: RunClock = .system,
        random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        self.request = request
        self.journal = journal
        self.interruption = interruption
        self.clock = clock
        self.random = random
    }

    /// Runs to the end, whatever the end is; the last event is always the result.
    public func execute() async -> RunResult {
        let start = clock.now()
        let work = Task { try await perform(start: start) }
        interruption.onRaise { work.cancel() }
        let ending: RunEnding
        do { ending = try await work.value } catch {
            // Whatever breaks because the run was interrupted is the interruption.
            ending = interruption.reason.map { RunEnding($0) } ?? RunEnding(error, interruption: interruption)
        }
        return finish(ending)
    }

    /// Ends a run that does not end by itself: the result is written and nothing is waited for.
    public func abandon(_ reason: Interruption.Reason) -> RunResult {
        finish(RunEnding(reason))
    }

    /// Records the result, which follows from the events; only the first end of a run counts.
    private func finish(_ ending: RunEnding) -> RunResult {
        var ending = ending
        if let failure = journal.failure { ending = RunEnding(.internal, failure.description) }
        let result = journal.finish(ending.verdict, ending.message)
        journal.close()
        return result
    }

    private func perform(start: ContinuousClock.Instant) async throws -> RunEnding {
        let plan = try RunPlan(request)
        var random = random
        let session = SessionID(secondsSince1970: clock.date(), using: &random)
        let model = plan.client(for: session)
        do {
            let ending = try await work(on: plan, session: session, model: model, start: start)
            await model.close()
            return ending
        } catch {
            await model.close()
            throw error
        }
    }

    private func work(
        on plan: RunPlan, session: SessionID, model: any Model, start: ContinuousClock.Instant
    ) async throws -> RunEnding {
        let folder = try SessionStore(environment: request.environment).create(session, journal: journal)
        journal.record(.threadStarted(ThreadStart(id: session, folder: folder.path, base: plan.maker.base.hex)))
        let messages = plan.messages(for: session)
        let place = try await plan.maker.make(
            session, in: folder, messages: messages, policy: plan.policy, options: plan.treeOptions, events: journal)
        let check = plan.check
        journal.record(.runStarted(plan.start(in: place, check: check, at: clock.date())))
        if let check, ShellLine(check.text).hidesStatus {
            journal.record(
                .notice("only the exit status of the last part of the command counts; set -o pipefail counts all of it")
            )
        }
        let tools = plan.tools(in: place, messages: messages, clock: clock, events: journal)
        let limit = interruptAtDeadline(plan.settings.maxTime, from: start)
        defer { limit?.cancel() }

        let outcome: Result<RunEnding, any Error>
        do {
            outcome = .success(
                try await turns(on: plan, in: place, model: model, tools: tools, check: check, start: start))
        } catch {
            outcome = .failure(error)
        }
        try await leave(place, tools: tools)
        return try outcome.get()
    }

    private func turns(
        on plan: RunPlan, in place: Workspace, model: any Model, tools: ToolDispatcher, check: Check?,
        start: ContinuousClock.Instant
    ) async throws -> RunEnding {
        var baseline: CheckResult?
        if case .fix = request.job, let check {
            let result = try await runBaseline(check, in: place)
            if result.isPassing {
                return RunEnding(.alreadyPassing, "the command passes already; there is nothing to do")
            }
            baseline = result
        }
        var loop = TurnLoop(
            model: model, tools: tools, events: journal,
            window: FirstWindow(place, job: request.job, check: check, baseline: baseline).window,
            budget: Budget(settings: plan.settings, start: start), ordersSteps: plan.ordersSteps, clock: clock,
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
            throw RunEnding(.usage, "the command cannot be started: \(message)")
        }
        journal.record(.baseline(CommandReport(result), failures: result.failures.map(\.name)))
        try place.files.ignoreUntracked()
        return result
    }

    private func judge(_ check: Check, in place: Workspace) -> Judge {
        let (journal, verifier) = (journal, Verifier(place.tree.checkouts))
        return { commit in
            let result = try await verifier.verify(
                commit, with: check, environment: place.environment,
                log: .init(directory: place.folder.output, name: "verify-\(commit.hex.prefix(10))"))
            try Task.checkCancellation()
            journal.record(.verified(Verification(commit: commit.hex, report: CommandReport(result))))
            return Judgement(result)
        }
    }

    /// Ends what still runs, commits what is left to commit, and removes the working tree.
    private func leave(_ place: Workspace, tools: ToolDispatcher) async throws {
        await tools.windUp()
        try place.leave(commits: await tools.steps.commits.count)
        AbandonedTrees(repository: place.repository, environment: request.environment).remove()
    }

    private func interruptAtDeadline(_ limit: Duration?, from start: ContinuousClock.Instant) -> Task<Void, Never>? {
        guard let limit else { return nil }
        let (interruption, clock) = (interruption, clock)
        return Task {
            // A cancelled sleep means that the run ended in time.
            guard (try? await clock.sleep(start + limit - clock.now())) != nil else { return }
            interruption.raise(.timeUp)
        }
    }
}

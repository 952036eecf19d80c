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
    let journal: Journal
    private let interruption: Interruption
    let clock: RunClock
    /// What is asked of a session that goes on; nil for a new one.
    private let resumption: ResumeRequest?
    /// How the session goes on, which is known before anything is recorded; nil for a new one.
    private let resumedPlan: RunPlan?
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
        (resumption, resumedPlan) = (nil, nil)
    }

    /// Prepares to go on with a session; nothing happens before `execute`.
    ///
    /// - Throws: `RunEnding` for a session that cannot go on, and what `execute` would end with for a repository, a
    ///   configuration or a server that cannot be used. The session is then as it was.
    public init(resuming resumption: ResumeRequest, interruption: Interruption, clock: RunClock = .system) throws {
        request = try resumption.runRequest()
        journal = resumption.session.journal
        self.interruption = interruption
        self.clock = clock
        self.resumption = resumption
        resumedPlan = try RunPlan(request, resuming: resumption.session.state)
        random = SystemRandomNumberGenerator()
    }

    /// Runs to the end, whatever the end is; the last event is always the result.
    public func execute() async -> RunResult {
        let start = clock.now()
        let work = Task { try await perform(start: start) }
        interruption.onRaise { work.cancel() }
        let ending: RunEnding
        do { ending = try await work.value } catch { ending = self.ending(of: error) }
        return finish(ending)
    }

    /// Whatever breaks because the run was interrupted is the interruption.
    private func ending(of error: any Error, in place: Workspace? = nil) -> RunEnding {
        if let reason = interruption.reason { return RunEnding(reason) }
        let explained = (error as? RepositoryError).flatMap { place?.storage.explain($0) }
        return RunEnding(explained ?? error, interruption: interruption)
    }

    /// Ends a run that does not end by itself: the result is written and nothing is waited for.
    ///
    /// The tree stays; it is named if a short look does not find that all of it is in a commit.
    public func abandon(_ reason: Interruption.Reason) -> RunResult {
        journal.closeCalls()
        let (state, ending) = (journal.state, RunEnding(reason))
        guard let start = state.start, let folder = state.result.sessionFolder else { return finish(ending) }
        let left = AbandonedRun(start, folder: folder, environment: request.environment)
        return finish(left.notice(within: .seconds(1)).map(ending.adding) ?? ending)
    }

    /// Records the result, which follows from the events; only the first end of a run counts.
    private func finish(_ ending: RunEnding) -> RunResult {
        let state = journal.state
        if let list = state.work.openTodoList {
            journal.record(.itemCompleted(RunItem(id: list.id, content: list.content)))
        }
        var ending = ending.over(state.result, command: state.start?.command)
        if let failure = journal.failure { ending = RunEnding(.internal, failure.description) }
        let result = journal.finish(ending.verdict, ending.message)
        journal.close()
        return result
    }

    private func perform(start: ContinuousClock.Instant) async throws -> RunEnding {
        let plan = try await (resumedPlan ?? RunPlan(request)).choosingTools()
        var random = random
        let session = resumption?.session.id ?? SessionID(secondsSince1970: clock.date(), using: &random)
        let earlier = resumption?.session.state.pending?.response
        // With a further instruction the answer to what was asked before is of no use.
        let isTakenUp = resumption?.prompt == nil && plan.takesUpResponses
        let model = plan.client(clock: clock, takingUp: isTakenUp ? earlier : nil)
        // Beside the run, and not a part of it: what is not cancelled costs money, however the run ends.
        let dropping = Task { if !isTakenUp, let earlier { await plan.drop(earlier, telling: journal) } }
        do {
            let ending = try await work(on: plan, session: session, model: model, start: start)
            await model.close()
            await dropping.value
            return ending
        } catch {
            await model.close()
            await dropping.value
            throw error
        }
    }

    private func work(
        on plan: RunPlan, session: SessionID, model: any Model, start: ContinuousClock.Instant
    ) async throws -> RunEnding {
        let (place, tools): (Workspace, ToolDispatcher)
        if let resumption {
            (place, tools) = try await reopen(resumption, on: plan)
        } else {
            (place, tools) = try await begin(session, on: plan)
        }
        for text in plan.notices { journal.record(.notice(text)) }
        let check = plan.check
        let deadline = plan.settings.maxTime.map { start + $0 }
        let limit = deadline.map { interruption.raiseTimeUp(at: $0, on: clock) }
        defer { limit?.cancel() }

        var ending: RunEnding
        var proof: Proof?
        do {
            let baseline = try await baseline(check, on: plan, in: place)
            proof = try check.map {
                try self.proof(of: $0, on: plan, in: place, baseline: baseline, deadline: deadline)
            }
            let known = try await afterFixers(on: plan, in: place, tools: tools, baseline: baseline, proof: proof)
            ending = try await turns(
                on: plan, in: place, model: model, tools: tools, check: check, baseline: known, proof: proof,
                start: start)
        } catch {
            ending = self.ending(of: error, in: place)
        }
        ending = ending.offering(moreTime: plan.settings.maxTime)
        await tools.windUp()
        await tools.close()
        // A history in which each call has its answer can be gone on with.
        journal.closeCalls()
        let standing = await tools.standing
        // A proof of commits that lack something of the work would be about something else.
        if let proof, let standing, standing.trouble == nil { ending = await proof.close(ending, at: standing) }
        ending = await plan.unlessMoved(ending, telling: journal)
        return await leave(place, tools: tools).map(ending.adding) ?? ending
    }

    /// Makes the place of a new session.
    private func begin(
        _ session: SessionID, on plan: RunPlan
    ) async throws -> (place: Workspace, tools: ToolDispatcher) {
        try SessionFolder.makeRoot(environment: request.environment)
        let folder = try SessionStore(environment: request.environment).create(session, journal: journal)
        request.onBegin?(session, plan.maker.base.hex)
        journal.record(.threadStarted(ThreadStart(id: session, folder: folder.path, base: plan.maker.base.hex)))
        let messages = plan.messages(for: session)
        let place = try await plan.maker.make(
            session, in: folder, messages: messages, policy: plan.policy, options: plan.treeOptions, events: journal)
        journal.record(.runStarted(plan.start(in: place, at: clock.date())))
        if let check = plan.check, ShellLine(check.text).hidesStatus {
            journal.record(
                .notice("only the exit status of the last part of the command counts; set -o pipefail counts all of it")
            )
        }
        return (place, plan.tools(in: place, messages: messages, clock: clock, events: journal))
    }

    private func turns(
        on plan: RunPlan, in place: Workspace, model: any Model, tools: ToolDispatcher, check: Check?,
        baseline: Baseline?, proof: Proof?, start: ContinuousClock.Instant
    ) async throws -> RunEnding {
        if baseline?.isPassing == true {
            return RunEnding(.alreadyPassing, "the command passes already; there is nothing to do")
        }
        try await plan.requireUse(telling: journal)
        try await plan.servers.requireStarted()
        var instructions = plan.instructions(in: place, events: journal)
        let before = journal.state
        instructions.skip(givenIn: before.window.items)
        var window = before.window
        if before.turns.isEmpty {
            let first = FirstWindow(
                place, rules: plan.rules, job: request.job, pictures: pictures(), instructions: instructions,
                skills: skills(plan, for: request.task),
                check: check, baseline: baseline, log: request.log, date: clock.date())
            for item in first.window.items.dropFirst(window.items.count) {
                journal.record(.inputItem(item, turn: 0))
                window.append(item)
            }
        }
        var loop = TurnLoop(
            model: model, tools: tools, events: journal, window: window,
            budget: Budget(settings: plan.settings, start: start), ordersSteps: plan.ordersSteps,
            earlierTurns: before.turns.count,
            instructions: instructions, clock: clock, compaction: plan.compaction(by: model, after: before),
            judge: proof?.judge)
        loop.style = PhasedStyle(plan.settings)
        loop.pictures = PictureFolder(of: place.folder)
        if plan.settings.maxDisk != nil { loop.disk = DiskMeter(place.ownFolders) }
        return try await loop.run(
            from: resumption.map {
                Continuation(
                    $0.session.state, prompt: $0.prompt, pictures: $0.pictures, skills: skills(plan, for: $0.prompt))
            }
                ?? .request)
    }

    /// The message with the skills that a prompt names, which the person is told of.
    private func skills(_ plan: RunPlan, for prompt: String?) -> String? {
        prompt.flatMap { plan.skills.message(for: $0) { journal.record(.notice($0)) } }
    }

    /// The pictures of the task; those of a session that was stopped before it had told them are read again.
    private func pictures() -> [PictureFile] {
        guard let paths = resumption?.session.state.start?.choices?.pictures else { return request.pictures }
        return paths.compactMap { path in
            do throws(PictureFile.Trouble) { return try PictureFile(path) } catch {
                journal.record(.notice("the model is not shown a picture of the task: \(error.message)"))
                return nil
            }
        }
    }

    private func proof(
        of check: Check, on plan: RunPlan, in place: Workspace, baseline: Baseline?,
        deadline: ContinuousClock.Instant?
    ) throws -> Proof {
        let confirmed = journal.state.result.confirmation
        let trials = Trials(
            check: check, place: place, events: journal,
            // What was flaky before is not proved by one run.
            repetitions: max(plan.repetitions, confirmed.map { $0.isMixed ? $0.total : 1 } ?? 1),
            verifiesEach: plan.verifiesEach, guardian: try plan.guardian(in: place), baseline: baseline)
        return Proof(
            trials.judge, events: journal, interruption: interruption, clock: clock, baseline: baseline?.report,
            deadline: deadline)
    }

    /// Removes the working tree; what cannot be removed changes nothing about what the run came to.
    ///
    /// - Returns: What to tell of a tree that stays, because it has changes that are in no commit.
    private func leave(_ place: Workspace, tools: ToolDispatcher) async -> String? {
        let (commits, trouble) = (await tools.steps?.commits.count ?? 0, await tools.steps?.trouble)
        if trouble == nil {
            do throws(RepositoryError) { try place.leave(commits: commits) } catch {
                journal.record(.notice("the working tree could not be removed: \(error); graft clean removes it"))
            }
        }
        let abandoned = AbandonedTrees(repository: place.repository, environment: request.environment)
        for text in abandoned.remove() { journal.record(.notice(text)) }
        return trouble == nil ? nil : place.leaveAll()
    }
}

extension Interruption {
    /// Stops the run when its time is up; the task is cancelled when the run ends before.
    func raiseTimeUp(at deadline: ContinuousClock.Instant, on clock: RunClock) -> Task<Void, Never> {
        Task {
            guard (try? await clock.sleep(deadline - clock.now())) != nil else { return }
            raise(.timeUp)
        }
    }
}

import Configuration
import Evidence
import Sandbox
import Session
import Tools
import Workspace

/// Runs what a repository names for mending without a model, each in the sandbox and as a commit of its own.
struct Fixers {
    let fixers: [Fixer]
    let place: Workspace
    let steps: StepWriter
    let events: any RunJournal
    let timeout: Duration

    private static let outputLimit = 16 * 1024

    /// Runs them in their order; one that fails does not keep the next from its work.
    ///
    /// - Returns: Whether anything was changed.
    /// - Throws: `CancellationError` when the run has to stop.
    func run() async throws -> Bool {
        var hasChanged = false
        for fixer in fixers {
            let before = await steps.steps.count
            let ending = await run(fixer)
            await steps.settle(subject: "Run the fixer \(fixer.name)")
            try Task.checkCancellation()
            let commit = await steps.steps.dropFirst(before).last
            hasChanged = hasChanged || commit != nil
            if let text = Self.remark(on: fixer, ending: ending, commit) { events.record(.notice(text)) }
        }
        return hasChanged
    }

    private func run(_ fixer: Fixer) async -> CommandResult.Outcome {
        let id = events.nextItemID()
        await steps.beginStep()
        await steps.begin([fixer.line])
        events.record(.itemStarted(RunItem(id: id, content: .commandExecution(command: fixer.line, nil))))
        var request = CommandRequest(
            .shell(fixer.line), environment: place.environment, timeout: timeout,
            log: .init(directory: place.folder.output, name: id))
        request.onOutput = { [events] in events.record(.progress(.output(of: id, $0.bytes))) }
        let result = await place.sandbox.run(request)
        let report = CommandReport(
            result, ending: result.outcome.explained(timeout: timeout),
            output: result.combinedOutput(byteLimit: Self.outputLimit))
        events.record(.itemCompleted(RunItem(id: id, content: .commandExecution(command: fixer.line, report))))
        place.closedPaths.record(result, in: events)
        return result.outcome
    }

    /// What to say of a fixer that has not simply done its work.
    private static func remark(on fixer: Fixer, ending: CommandResult.Outcome, _ commit: CommitReport?) -> String? {
        let effect =
            commit == nil ? "changes nothing" : "what it has changed is in the commit \(commit?.id.prefix(10) ?? "")"
        if case .exited(0) = ending { return commit == nil ? "the fixer \(fixer.name) changes nothing" : nil }
        return "the fixer \(fixer.name) fails; \(effect)"
    }
}

extension Run {
    /// Runs the fixers of the repository where the command fails before anything is done, and then the command again.
    ///
    /// - Parameters:
    ///   - baseline: How the command failed.
    ///   - proof: Runs it on a clean checkout.
    /// - Returns: How the command fails by now, for the model to begin with; `baseline` where no fixer has changed
    ///   anything.
    /// - Throws: `RunEnding` where the command passes.
    func afterFixers(
        on plan: RunPlan, in place: Workspace, tools: ToolDispatcher, baseline: Baseline?, proof: Proof?
    ) async throws -> Baseline? {
        guard let baseline, !baseline.isPassing, let proof, !plan.fixers.isEmpty, journal.state.turns.isEmpty,
            let steps = tools.steps
        else { return baseline }
        let fixers = Fixers(
            fixers: plan.fixers, place: place, steps: steps, events: journal,
            timeout: plan.settings.commandTimeout ?? .seconds(600))
        guard try await fixers.run() else { return baseline }
        let tip = await steps.tip
        let judgement = try await proof.judge(tip)
        if let ending = RunEnding(judgement, of: tip) { throw ending }
        return Baseline(report: judgement.report, text: judgement.text, tests: baseline.tests)
    }
}

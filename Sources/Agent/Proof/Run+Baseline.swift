import Evidence
import OS
import Repository
import Sandbox
import Session
import Text
import Workspace

extension Run {
    /// How the command ended before anything was done: as it is recorded, or by running it.
    func baseline(_ check: Check?, on plan: RunPlan, in place: Workspace) async throws -> Baseline? {
        if let known = journal.state.result.baseline { return Baseline(recorded: known, in: place.folder) }
        if journal.state.turns.isEmpty { return try await runBaseline(check, on: plan, in: place) }
        return nil
    }

    /// Runs the command of `graft fix` before anything is done; what it leaves in the tree is not the model's work.
    ///
    /// - Throws: `RunEnding` with the verdict `usage` for a command that cannot be started, and with `flaky` and
    ///   `infrastructure` for one that no model can mend.
    private func runBaseline(_ check: Check?, on plan: RunPlan, in place: Workspace) async throws -> Baseline? {
        guard let check else { return nil }
        guard plan.runsBaseline else {
            let reason = await check.missingProgram(in: place.sandbox, environment: place.environment)
            if let reason { throw RunEnding(notStarted: reason) }
            return nil
        }
        journal.record(.progress(.runningBaseline))
        let result = try await runCheck(check, in: place, name: "baseline")
        let reason = check.startFailure(of: result) { place.hasFile($0) }
        if let reason { throw RunEnding(notStarted: reason) }
        // What it has left must be known as its own before it is recorded that it has run.
        try place.ignoreUntracked()
        let (baseline, repetitions) = try await confirm(result, check, times: plan.confirmations, in: place)
        // Without the file a resumed session compares no tests, as with a command that tells nothing about them.
        try? FileDraft(Baseline.file(in: place.folder)).write(baseline.tests.journalBytes)
        journal.record(.baseline(CommandReport(baseline), failures: baseline.failures.map(\.name)))
        if let repetitions { journal.record(.baselineRepeated(repetitions)) }
        place.closedPaths.record(baseline.command, in: journal)
        if !plan.isForced { try refuse(baseline, repetitions, in: place) }
        var text = baseline.forModel
        if let repetitions, repetitions.isMixed {
            text = "On the same files it passed \(repetitions.passed) of \(repetitions.total) times. \(text)"
        }
        return Baseline(report: CommandReport(baseline), text: text, tests: baseline.tests)
    }

    /// Repeats a command on clean checkouts of the same commit; the first run that failed stands for all.
    private func confirm(
        _ first: CheckResult, _ check: Check, times: Int, in place: Workspace
    ) async throws -> (CheckResult, Repetitions?) {
        guard times > 1 else { return (first, nil) }
        var (result, passed) = (first, first.command.succeeded ? 1 : 0)
        for index in 2...times {
            journal.record(.progress(.verifying(commit: place.start.hex, how: "run \(index) of \(times)")))
            let next = try await Verifier(place.tree.checkouts).verify(
                place.start, with: check, environment: place.environment,
                log: .init(directory: place.folder.output, name: "baseline-\(index)"), onOutput: showOutput)
            try Task.checkCancellation()
            for notice in next.notices { journal.record(.notice(notice)) }
            passed += next.command.succeeded ? 1 : 0
            if result.command.succeeded, !next.command.succeeded { result = next }
        }
        return (result, Repetitions(passed: passed, total: times))
    }

    /// Ends a run that a model would only cost money.
    private func refuse(_ result: CheckResult, _ repetitions: Repetitions?, in place: Workspace) throws {
        if let repetitions, repetitions.isMixed {
            throw RunEnding(
                .flaky,
                "the command passed \(repetitions.passed) of \(repetitions.total) times on the same files; --force asks "
                    + "the model all the same")
        }
        guard !result.command.succeeded else { return }
        let fault = try SurroundingsFault(of: result) {
            KnownNames(
                files: try place.repository.files(of: place.start), searchPath: place.environment["PATH"] ?? "")
        }
        guard let fault else { return }
        let reachesNetwork = place.policy.network == .all
        throw RunEnding(
            .infrastructure,
            "the command fails for what its surroundings lack: \(fault.clause); "
                + "\(fault.remedy(reachesNetwork: reachesNetwork)); --force asks the model all the same")
    }

    private func runCheck(_ check: Check, in place: Workspace, name: String) async throws -> CheckResult {
        let result = await check.run(
            in: place.sandbox, environment: place.environment,
            log: .init(directory: place.folder.output, name: name), onOutput: showOutput)
        try Task.checkCancellation()
        for notice in result.notices { journal.record(.notice(notice)) }
        return result
    }

    /// Shows what the command that decides prints while it runs.
    private var showOutput: @Sendable (CommandRequest.Chunk) -> Void {
        { [journal] chunk in journal.record(.progress(.output(of: nil, chunk.bytes))) }
    }
}

extension Baseline {
    private static let longestFile = 64 << 20

    /// The file of a session that holds what its first run told of tests.
    fileprivate static func file(in folder: SessionFolder) -> String { "\(folder.output)/baseline-tests.json" }

    /// What is recorded of a run of the command.
    fileprivate init(recorded report: CommandReport, in folder: SessionFolder) {
        let kept = (try? FileContent.read(Self.file(in: folder), limit: Self.longestFile)).flatMap {
            TestReading(journalBytes: $0)
        }
        let tests = report.tests ?? TestReport()
        self.init(
            report: report,
            text: CheckResult.text(ending: report.ending, tests: tests, output: report.output),
            tests: kept ?? TestReading(tally: tests.tally, failures: tests.failures))
    }
}

import Evidence
import Repository
import Sandbox
import Session
import Text
import Workspace

/// The runs of the command on clean checkouts that a judgement of a commit takes.
///
/// The command has to pass on the commit itself, as often as it was asked for. Where the commit changes protected paths it
/// has to pass without those changes, too. The tests that it runs have to be those that it ran before.
struct Trials: Sendable {
    let check: Check
    let place: Workspace
    let events: any EventSink
    /// How often the command has to pass.
    let repetitions: Int
    /// Whether it has to pass on each commit of the series.
    let verifiesEach: Bool
    /// Looks for changes to what decides; nil where nothing is protected.
    let guardian: TamperGuard?
    /// How the command ended before anything was done; nil where it was not run.
    let baseline: Baseline?

    /// Judges a commit.
    ///
    /// - Throws: What keeps the command from running, and what cannot be read of the commit.
    func judge(_ commit: CommitID) async throws -> Judgement {
        var trial = Trial()
        let first = try await run(commit, name: "verify", how: nil, &trial)
        var judgement = Judgement(first, of: commit)
        judgement.duration = trial.duration
        guard first.command.succeeded else { return judgement }
        if let baseline, !baseline.isPassing, commit == place.start {
            judgement.verification.repetitions = Repetitions(passed: 1, total: 2)
            return judgement
        }
        if let failed = try await repeated(commit, &trial) {
            judgement = Judgement(failed, of: commit)
            judgement.text =
                "It passed \(trial.passed) of \(trial.total) times on the same commit. This time it "
                + "failed.\n\(judgement.text)"
        }
        judgement.duration = trial.duration
        if repetitions > 1 {
            judgement.verification.repetitions = Repetitions(passed: trial.passed, total: trial.total)
        }
        guard judgement.isPassing else { return judgement }
        judgement.text = ""
        try await look(for: commit, tests: first.tests, &judgement, &trial)
        if verifiesEach { try await judgeEarlier(commit, &judgement, &trial) }
        judgement.duration = trial.duration
        return judgement
    }

    /// What several runs come to.
    private struct Trial {
        var passed = 0
        var total = 0
        /// How long they took together; nil once one did not end by itself.
        var duration: Duration? = .zero
    }

    /// Runs the command until it fails or has passed often enough; the run that failed, if one did.
    private func repeated(_ commit: CommitID, _ trial: inout Trial) async throws -> CheckResult? {
        while trial.total < repetitions {
            let how = "run \(trial.total + 1) of \(repetitions)"
            let result = try await run(commit, name: "verify-\(trial.total + 1)", how: how, &trial)
            if !result.command.succeeded { return result }
        }
        return nil
    }

    /// Looks for what makes the commit pass without doing what the command asks for.
    private func look(
        for commit: CommitID, tests: TestReading, _ judgement: inout Judgement, _ trial: inout Trial
    ) async throws {
        var runs = [tests]
        if let inspection = try guardian?.inspect(commit) {
            judgement.verification.doubts = inspection.doubts
            if let result = try await compare(inspection, &judgement, &trial) { runs.append(result.tests) }
        }
        guard let baseline else { return }
        // A repair does not make up for a test that the commit has lost.
        for run in runs {
            for doubt in TestComparison(before: baseline.tests, after: run).doubts
            where !judgement.verification.doubts.contains(doubt) {
                judgement.verification.doubts.append(doubt)
            }
        }
    }

    /// Runs the command without what the commit changes of what decides; the run that passed, if one did.
    ///
    /// New tests are welcome, but one may change how the others run: so they are left out, too.
    private func compare(
        _ inspection: Inspection, _ judgement: inout Judgement, _ trial: inout Trial
    ) async throws -> CheckResult? {
        guard let strict = inspection.withoutNewTests ?? inspection.restored else { return nil }
        let changes = inspection.protectedChanges
        let news = inspection.newTests
        let paths = inspection.restoredPaths + (inspection.withoutNewTests == nil ? [] : news.map(\.text))
        let first = try await run(strict, name: "restored", how: "with what decides as it was", &trial)
        judgement.verification.restoration = Restoration(paths: paths, report: CommandReport(first))
        if first.command.succeeded {
            // The changes are not needed for it: they are told, and no more.
            judgement.verification.doubts += changes.map { change in
                Doubt(.protectedPath, isDecisive: false, message: change.sentence, path: change.path.text)
            }
            return first
        }
        judgement.text = "Without the changes to what decides:\n\(first.forModel)"
        guard let restored = inspection.restored, restored != strict else {
            judgement.verification.doubts += changes.map(\.doubt)
            if changes.isEmpty { judgement.verification.doubts.append(Self.doubt(ofNew: news)) }
            return nil
        }
        let second = try await run(restored, name: "restored", how: "with protected files as they were", &trial)
        judgement.verification.doubts += second.command.succeeded ? [Self.doubt(ofNew: news)] : changes.map(\.doubt)
        return second.command.succeeded ? second : nil
    }

    private static func doubt(ofNew paths: [BytePath]) -> Doubt {
        let more = paths.count > 1 ? " and \(paths.count - 1) more new tests" : ""
        return Doubt(
            .protectedPath, isDecisive: true,
            message: "the command passes only with the new test \(paths.first ?? "")\(more)", path: paths.first?.text)
    }

    /// Runs the command on the commits before the last one.
    private func judgeEarlier(
        _ commit: CommitID, _ judgement: inout Judgement, _ trial: inout Trial
    ) async throws {
        let commits = try place.repository.log(from: place.start, to: commit).dropLast()
        for (index, earlier) in commits.enumerated() {
            let how = "commit \(index + 1) of \(commits.count + 1)"
            let result = try await run(earlier.id, name: "each", how: how, &trial)
            judgement.verification.earlier.append(
                EarlierCommit(
                    commit: earlier.id.hex, ending: result.ending, passed: result.command.succeeded))
            guard !result.command.succeeded else { continue }
            judgement.verification.doubts.append(
                Doubt(
                    .brokenCommit, isDecisive: true,
                    message: "the command fails on commit \(earlier.id.hex.prefix(10)) of the series, "
                        + "\"\(earlier.subject)\": \(result.ending)"))
            judgement.text = "On commit \(earlier.id.hex.prefix(10)) of the series:\n\(result.forModel)"
        }
    }

    private func run(
        _ commit: CommitID, name: String, how: String?, _ trial: inout Trial
    ) async throws -> CheckResult {
        events.record(.progress(.verifying(commit: commit.hex, how: how)))
        let result = try await Verifier(place.tree.checkouts).verify(
            commit, with: check, environment: place.environment,
            log: .init(directory: place.folder.output, name: "\(name)-\(commit.hex.prefix(10))"),
            onOutput: { [events] in events.record(.progress(.output(of: nil, $0.bytes))) })
        for notice in result.notices { events.record(.notice(notice)) }
        place.closedPaths.record(result.command, in: events)
        trial.total += 1
        trial.passed += result.command.succeeded ? 1 : 0
        trial.duration = trial.duration.flatMap { time in CommandReport(result).ownDuration.map { time + $0 } }
        try Task.checkCancellation()
        return result
    }
}

import Agent
import ArgumentParser
import Repository
import Session
import Text
import Workspace

/// Runs a new session: by the name of a task, if it has one, and with what stays on the disk afterwards.
struct TaskRun {
    let request: RunRequest
    let options: RunOptions
    let unattended: UnattendedOptions

    /// Runs to the end.
    ///
    /// - Throws: As `RunSession.run`, and `SessionError` or `Refusal` for a task that cannot be done.
    func run() async throws {
        var request = request
        // Held until the end, so that nobody else begins the same task.
        let record = try unattended.taskId.flatMap(record)
        let session: RunSession
        switch try record.map(standing) ?? .new {
        case .new:
            request.onBegin = { [record] in record?.begin($0, base: $1) }
            session = RunSession(request, options: options)
        case .finished(let result, let start):
            StandardError.write("graft: this task has come to its end before; nothing is run")
            session = RunSession(finished: result, start: start, options: options, environment: request.environment)
        case .unfinished(let id, let start):
            session = RunSession(resuming: start, options: options, environment: request.environment) {
                [request] listeners in
                ResumeRequest(
                    session: try SessionStore(environment: request.environment).open(id, listeners: listeners),
                    prompt: nil, settings: request.settings, sandbox: request.sandbox,
                    usesHTTPOnly: request.usesHTTPOnly, environment: request.environment)
            }
        }
        let ending: Result<Void, any Error>
        do { ending = .success(try await session.run()) } catch { ending = .failure(error) }
        // Who stops a run does not wait for a clean-up.
        if interruption(ending) == nil { withExtendedLifetime(record) { SessionKeeping(request).apply() } }
        try ending.get()
    }

    /// The exit code of a run that a signal has ended; nil for any other end.
    private func interruption(_ ending: Result<Void, any Error>) -> ExitCode? {
        guard case .failure(let error) = ending, let code = error as? ExitCode else { return nil }
        return [Verdict.interrupted, .terminated].contains { $0.exitCode == code.rawValue } ? code : nil
    }

    private enum Standing {
        case new
        case finished(RunResult, RunStart)
        case unfinished(SessionID, RunStart)
    }

    /// The record of the task; nil where the run will say what is wrong with the repository.
    private func record(of task: TaskID) throws -> TaskRecord? {
        let place = try? GitRepository(discovering: request.repository, environment: request.environment)
        guard let repository = place?.commonDirectory else { return nil }
        return try TaskRecord(of: task, repository: repository, environment: request.environment)
    }

    /// How far the task has come at the commit that is checked out.
    private func standing(_ record: TaskRecord) throws -> Standing {
        guard let known = record.known,
            let base = try GitRepository(discovering: request.repository, environment: request.environment).head.commit,
            base.hex == known.base
        else { return .new }
        let store = SessionStore(environment: request.environment)
        // A session that was cleared away is begun anew, as is one that had not begun.
        guard let summary = try? store.summary(of: known.session), let start = summary.start else { return .new }
        try requireSameJob(start)
        guard let result = summary.result else { return .unfinished(known.session, start) }
        return switch result.verdict {
        case .fixed, .answered, .alreadyPassing, .notFixed, .unverified, .budget, .needsReview, .flaky, .skipped:
            .finished(result, start)
        case .provider, .credentials, .sandbox, .internal, .temporary, .interrupted, .terminated:
            .unfinished(known.session, start)
        // What was wrong with the call or the machine may be right by now.
        case .usage, .infrastructure: .new
        }
    }

    /// Refuses a name that was used for something else: its result would be no answer.
    private func requireSameJob(_ start: RunStart) throws {
        let (command, task) = request.told
        guard command == nil || command == start.command, task == start.task else {
            let earlier = (start.task ?? start.command ?? "").markedLine
            throw Refusal(
                "this --task-id was used for another task (\(earlier.prefix(200))): give this one its own name")
        }
    }
}

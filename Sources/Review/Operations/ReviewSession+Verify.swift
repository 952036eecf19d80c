public import Configuration
import Evidence
import Glibc
public import Repository
public import Sandbox
import Session
import Text
import Workspace

extension ReviewSession {
    /// Runs the session's command, or another, on clean checkouts of commits, one after the other, and keeps what came of it as
    /// evidence.
    ///
    /// - Parameters:
    ///   - commits: The commits, in the order to run them.
    ///   - other: The command to run; nil for the session's own.
    ///   - policy: Used instead of the run's policy; the repository's policy narrows it too.
    ///   - onResult: Is called after each one.
    /// - Throws: Also `SandboxError`, and `CancellationError` when the task is cancelled.
    public func verify(
        _ commits: [CommitID], with other: CommandRequest.Command? = nil, sandbox: SandboxMode = .auto,
        policy: PolicyChoice? = nil,
        timeout: Duration = .seconds(600),
        onResult: (CommitVerification) -> Void = { _ in }
    ) async throws -> [CommitVerification] {
        guard let deciding = other ?? command.map({ .shell($0) }) else {
            throw ReviewError(
                .refused, "the session \(id) has no command to verify with",
                nextStep: "name one: graft review verify -- make test")
        }
        var check = Check(deciding, timeout: timeout)
        check.reports = summary.start?.choices?.reports.compactMap(FilePattern.init) ?? []
        let rules: SessionPolicy
        do {
            let base = summary.start.flatMap { CommitID($0.base) } ?? start
            if policy == nil, let run = summary.start, let noted = try SessionPolicy(of: run) {
                rules = noted
            } else {
                rules = try SessionPolicy.read(
                    flag: policy, repository: repository, base: base, environment: environment)
            }
        } catch let error as SandboxError where error.code == .profile {
            throw ReviewError(.usage, error.description)
        } catch let error as ConfigurationError {
            throw ReviewError(.usage, error.description)
        }
        let policy = rules.policy(
            workingTree: repository.workingDirectory, of: repository, environment: environment)
        let variables = rules.variables(from: environment)
        // If git cannot list ignored files, as in an unfinished merge, the checkouts have none.
        let work = try? repository.uncommittedWork(untrackedLimit: 0, privateFolder: summary.folder.path)
        let verifier = Verifier(
            CleanCheckouts(
                repository: repository, folder: summary.folder.path, mode: sandbox, policy: policy,
                ignored: IgnoredFolders(work, of: repository.workingDirectory, policy: policy)))
        // The lock keeps a clean-up from removing the checkouts.
        let lock = SessionLock(sharing: summary.folder.path)
        defer { withExtendedLifetime(lock) {} }
        var results: [CommitVerification] = []
        for commit in commits {
            try Task.checkCancellation()
            try clearCheckout(of: commit)
            let result = try await verifier.verify(
                commit, with: check, environment: variables,
                log: .init(directory: summary.folder.output, name: "review-\(commit.hex.prefix(10))"))
            try Task.checkCancellation()
            if case .notStarted(let message) = result.command.outcome {
                throw ReviewError(.internal, "the command cannot be started: \(message)")
            }
            let verification = CommitVerification(
                commit: commit, tree: try repository.treeID(of: commit), command: check.text,
                report: CommandReport(result), failures: result.failures.map(\.name))
            try log.append("verified") { verification.write(into: &$0) }
            results.append(verification)
            onResult(verification)
        }
        return results
    }

    /// The commit that the session's branch is at; `start` while the series is empty.
    func tip() throws -> CommitID { try chain().last?.id ?? start }

    /// Removes the checkout that an interrupted verification of the commit left.
    private func clearCheckout(of commit: CommitID) throws {
        let path = "\(summary.folder.path)/verify-\(commit.hex.prefix(12))"
        guard access(path, F_OK) == 0 else { return }
        guard JournalFile(path: summary.folder.journal)?.isInUse != true else {
            throw ReviewError(
                .refused, "the session \(id) is verifying this commit itself", nextStep: "wait for its end")
        }
        try repository.removeWorkingTree(at: path, in: summary.folder.path)
    }
}

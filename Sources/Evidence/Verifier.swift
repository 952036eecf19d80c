public import Repository
public import Sandbox
public import Workspace

/// Runs a check on a clean checkout of a commit.
///
/// What lies about in the working tree, committed by nobody, cannot make a command pass here.
public struct Verifier: Sendable {
    private let checkouts: CleanCheckouts

    /// Takes what makes the checkouts.
    public init(_ checkouts: CleanCheckouts) {
        self.checkouts = checkouts
    }

    /// Checks out a commit, runs the command there, and removes the checkout.
    ///
    /// - Throws: `RepositoryError` or `SandboxError` if the command could not be given a place to run.
    public func verify(
        _ commit: CommitID, with check: Check, environment: SandboxEnvironment, log: CommandRequest.Log?
    ) async throws -> CheckResult {
        try await checkouts.withCheckout(of: commit, searchPath: environment["PATH"] ?? "") { sandbox in
            await check.run(in: sandbox, environment: environment, log: log)
        }
    }
}

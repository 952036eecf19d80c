public import Repository
public import Sandbox
public import Workspace

/// Runs a check on a clean checkout of a commit.
///
/// Files that are in no commit cannot make the command pass there.
public struct Verifier: Sendable {
    private let checkouts: CleanCheckouts

    /// Makes a verifier.
    public init(_ checkouts: CleanCheckouts) {
        self.checkouts = checkouts
    }

    /// Checks out a commit, runs the command there, and removes the checkout.
    ///
    /// - Parameter onOutput: Is called with each piece of output as it comes.
    /// - Throws: `RepositoryError`, `SandboxError` or `SystemError` if there is no checkout or no sandbox.
    public func verify(
        _ commit: CommitID, with check: Check, environment: SandboxEnvironment, log: CommandRequest.Log?,
        onOutput: (@Sendable (CommandRequest.Chunk) -> Void)? = nil
    ) async throws -> CheckResult {
        try await checkouts.withCheckout(of: commit, searchPath: environment["PATH"] ?? "") { sandbox in
            await check.run(in: sandbox, environment: environment, log: log, onOutput: onOutput)
        }
    }
}

/// What a run has come to, and the exit code that says so.
///
/// The verdict is read off what was run, never off what the model claims.
public enum Verdict: String, Sendable, CaseIterable {
    /// The command failed before and passes on the final commit, in a clean checkout.
    case fixed
    /// A question was answered; nothing was changed.
    case answered
    /// The command passed before anything was done.
    case alreadyPassing = "already_passing"
    /// The command still fails and the model has stopped.
    case notFixed = "not_fixed"
    /// The task has ended without a command that could prove it.
    case unverified
    /// A limit of turns, time or tokens was reached first.
    case budget
    /// The command passes on the final commit, and something about the commit makes that less than a proof.
    case needsReview = "needs_review"
    /// The command passes and fails on the same files.
    case flaky
    /// The command fails for what its surroundings lack, which no change to the files mends.
    case infrastructure
    /// The rules for runs that nobody watches leave the change alone, or have stopped the run.
    case skipped
    /// The provider refused the request or answered nonsense.
    case provider
    /// There is no key, or the provider refused it.
    case credentials
    /// No sandbox could be started.
    case sandbox
    /// The command line or the repository cannot be used.
    case usage
    /// Graft itself failed.
    case `internal`
    /// The provider could not be reached; the same run may work later.
    case temporary
    /// Interrupted by SIGINT.
    case interrupted
    /// Stopped by SIGTERM.
    case terminated

    /// The process's exit code.
    public var exitCode: Int32 {
        switch self {
        case .fixed, .alreadyPassing, .answered: 0
        case .notFixed: 10
        case .unverified: 11
        case .budget: 12
        case .needsReview: 13
        case .flaky: 14
        case .infrastructure: 15
        case .skipped: 16
        case .provider: 20
        case .credentials: 21
        case .sandbox: 22
        case .usage: 64
        case .internal: 70
        case .temporary: 75
        case .interrupted: 130
        case .terminated: 143
        }
    }

    /// Whether a session that has come to this may have something left to do, so that it can go on as it is.
    public var leavesWork: Bool {
        switch self {
        case .fixed, .answered, .alreadyPassing, .unverified, .needsReview, .skipped: false
        case .notFixed, .budget, .flaky, .infrastructure, .provider, .credentials, .sandbox, .usage, .internal,
            .temporary, .interrupted, .terminated:
            true
        }
    }

    /// One line for help and documentation.
    public var explanation: String {
        switch self {
        case .fixed: "the command failed before and passes on the final commit"
        case .answered: "a question was answered (graft ask)"
        case .alreadyPassing: "the command passed before anything was done"
        case .notFixed: "the model stopped and the command still fails"
        case .unverified: "the task ended, and no command was given to prove it"
        case .budget: "a limit of turns, time, tokens or attempts was reached first"
        case .needsReview: "the command passes, but only with changes that a person has to judge"
        case .flaky: "the command passes and fails on the same files"
        case .infrastructure: "the command fails for what its surroundings lack: a tool, the network, memory, a disk"
        case .skipped: "the rules for CI leave the change alone: a fork, a draft, a label, a branch that has moved"
        case .provider: "the provider refused the request or answered nonsense"
        case .credentials: "no API key, or the provider refused it"
        case .sandbox: "no sandbox could be started"
        case .usage: "the arguments or the repository cannot be used"
        case .internal: "Graft failed; a bug, or a full disk"
        case .temporary: "the provider could not be reached; try again later"
        case .interrupted: "interrupted (SIGINT)"
        case .terminated: "stopped (SIGTERM)"
        }
    }
}

import Configuration
import Evidence
import Glibc
import OS
import Repository
import Responses
import Sandbox
public import Session
import Text
import Tools
import Transport
import Workspace

/// How a run ends: the verdict, and a sentence for a person. Thrown where the end comes from within.
public struct RunEnding: Error, Sendable {
    /// The verdict.
    public let verdict: Verdict
    /// What happened, and what to do next where it went wrong.
    public let message: String
    /// The flag with which a resumed run has as much again of what is used up, as in `--max-turns 100`.
    let flagForMore: String?

    init(_ verdict: Verdict, _ message: String, flagForMore: String? = nil) {
        self.verdict = verdict
        self.message = message
        self.flagForMore = flagForMore
    }

    /// The one good end: the command has passed on a clean checkout of a commit.
    ///
    /// - Parameter ending: How the run would have ended before the model was done.
    init(passingOn commit: CommitID, endedEarly ending: RunEnding? = nil) {
        let early = ending.map { "; the run ended early: \($0.message)" } ?? ""
        self.init(.fixed, "the command passes on commit \(commit.hex.prefix(10)), verified on a clean checkout\(early)")
    }

    /// The end that a judgement of the last commit is; nil where the command fails there.
    init?(_ judgement: Judgement, of commit: CommitID, endedEarly ending: RunEnding? = nil) {
        guard judgement.isPassing, !judgement.isMixed else { return nil }
        guard let first = judgement.doubts.first else {
            self.init(passingOn: commit, endedEarly: ending)
            return
        }
        let more = judgement.doubts.count > 1 ? ", and \(judgement.doubts.count - 1) more" : ""
        let early = ending.map { "; the run ended early: \($0.message)" } ?? ""
        self.init(
            .needsReview,
            "the command passes on commit \(commit.hex.prefix(10)), but that is no proof: "
                + "\(first.placedMessage)\(more)\(early)")
    }

    /// The end where the command passes and fails on the same files.
    init(mixed repetitions: Repetitions, on commit: CommitID) {
        self.init(
            .flaky,
            "the command passed \(repetitions.passed) of \(repetitions.total) times on the same commit, "
                + "\(commit.hex.prefix(10))")
    }

    /// The end where the deciding command cannot be started, for what its shell says.
    init(notStarted reason: String) {
        self.init(.usage, "the command cannot be started: \(reason); correct it, or install what is missing")
    }

    /// The end where nobody has named a command to fix.
    ///
    /// - Parameter proposals: What a saved log and the repository's files propose.
    init(unnamedCommand proposals: [CommandProposal]) {
        guard let first = proposals.first else {
            self.init(
                .usage,
                "there is no command to fix; name it behind --, as in: graft fix -- make test, or commit "
                    + "verify = \"make test\" in .graft/config.toml")
            return
        }
        let others = proposals.count > 1 ? " and \(proposals.count - 1) more" : ""
        self.init(
            .usage,
            "there is no command to fix; proposed is \(first.line) (\(first.reason.markedLine))\(others): "
                + "graft fix -- \(first.line.quotedForShell) runs it, and graft fix --yes takes the first")
    }

    /// The ending with what it means for the commits that there are, and how to go on, in words.
    func over(_ result: RunResult, command: String?) -> RunEnding {
        let ending = overCommits(of: result, command: command)
        guard verdict == .budget, let session = result.sessionName else { return ending }
        let flag = flagForMore.map { " " + $0 } ?? ""
        return ending.adding("graft resume \(session)\(flag) goes on")
    }

    private func overCommits(of result: RunResult, command: String?) -> RunEnding {
        guard verdict.exitCode != 0, let commit = result.commit, !result.commits.isEmpty else { return self }
        if command == nil {
            return verdict == .unverified ? self : RunEnding(verdict, message + "; what was committed so far is kept")
        }
        if verdict == .skipped, result.verification?.isProof == true { return self }
        if result.verification?.commit == commit {
            return [.notFixed, .needsReview, .flaky].contains(verdict)
                ? self : RunEnding(verdict, message + "; the command fails on what was committed so far")
        }
        let session = result.sessionName.map { " --session \($0)" } ?? ""
        return RunEnding(
            verdict, message + "; what was committed so far is not verified: graft review verify\(session) does that")
    }

    /// Reads any error as the end of a run.
    init(_ error: any Error, interruption: Interruption?) {
        switch error {
        case let ending as RunEnding: self = ending
        case is CancellationError: self.init(interruption?.reason)
        case let failure as ConnectionMachine.Failure: self.init(failure)
        case let refusal as ToolRefusal: self.init(.provider, refusal.message)
        case let error as RepositoryError:
            self.init(Self.verdict(of: error), error.description + Self.remedy(of: error))
        case let error as SandboxError: self.init(error.code == .profile ? .usage : .sandbox, error.description)
        case let error as TransportError: self.init(.usage, error.description)
        case let error as ConfigurationError: self.init(.usage, error.description)
        case let error as WorkspaceError: self.init(Self.verdict(of: error), error.description)
        case let error as SessionError: self.init(Self.verdict(of: error), error.description)
        case let error as SystemError: self.init(.internal, error.description + Self.remedy(of: error))
        default: self.init(.internal, "internal error: \(error); this is a bug")
        }
    }

    /// The same end with a further clause.
    func adding(_ clause: String) -> RunEnding {
        RunEnding(verdict, "\(message); \(clause)", flagForMore: flagForMore)
    }

    /// The same end with the flag for as much time again, where it was the time that was used up.
    func offering(moreTime limit: Duration?) -> RunEnding {
        guard verdict == .budget, flagForMore == nil, let limit else { return self }
        return RunEnding(verdict, message, flagForMore: "--max-time " + limit.spelled.filter { $0 != " " })
    }

    init(_ reason: Interruption.Reason?) {
        switch reason {
        case .interrupted: self.init(.interrupted, "stopped by SIGINT")
        case .terminated: self.init(.terminated, "stopped by a signal")
        case .timeUp: self.init(.budget, "the time is up (--max-time)")
        case nil: self.init(.internal, "the run was cancelled")
        }
    }

    private init(_ failure: ConnectionMachine.Failure) {
        let message = failure.error.clause
        switch failure.kind {
        case .credentials:
            self.init(.credentials, "the server refuses the key: \(message); check OPENAI_API_KEY")
        case .temporary:
            self.init(
                .temporary,
                "no response came from the server: \(message); try again later, or see: graft doctor --online")
        case .untrusted:
            self.init(
                .provider,
                "no connection to the server can be trusted: \(message); check OPENAI_BASE_URL, and "
                    + "SSL_CERT_FILE if the server's certificate is signed privately")
        case .contextOverflow:
            self.init(.provider, "the conversation is too long for the model: \(message)")
        case .parameter(let name):
            self.init(.provider, "the server refuses \(name): \(message)")
        case .billing:
            self.init(
                .provider,
                "the account does not pay for the request: \(message); no retry helps, see the provider's billing page")
        case .policy:
            self.init(.provider, "a policy of the provider forbids the request: \(message)")
        case .permanent:
            self.init(.provider, "the server refuses the request: \(message)")
        }
    }

    /// The disk has no room, or none for this user.
    private static let full = [ENOSPC, EDQUOT]
    private static let remedyForFullDisk = "; free some space, or point XDG_STATE_HOME elsewhere"

    /// The next step for a full disk; libgit2 tells it in its message alone.
    private static func remedy(of error: RepositoryError) -> String {
        let isFull = full.contains { number in
            (error.underlying as? SystemError)?.number == number || error.message.hasSuffix(SystemError.text(number))
        }
        return error.nextStep == nil && isFull ? remedyForFullDisk : ""
    }

    private static func remedy(of error: SystemError) -> String {
        full.contains(error.number) ? remedyForFullDisk : ""
    }

    private static func verdict(of error: SessionError) -> Verdict {
        switch error.code {
        case .notFound, .ambiguous, .place, .inUse: .usage
        case .folder, .journal: .internal
        }
    }

    private static func verdict(of error: WorkspaceError) -> Verdict {
        switch error.code {
        case .unsuitable: .usage
        case .sandbox: .sandbox
        case .busy, .notOurs, .system: .internal
        }
    }

    private static func verdict(of error: RepositoryError) -> Verdict {
        switch error.code {
        case .notARepository, .bare, .unsupported, .ownedBySomeoneElse, .conflicts, .alreadyExists: .usage
        default: .internal
        }
    }
}

extension RunResult {
    /// The session's name, as commands take it.
    fileprivate var sessionName: Substring? { sessionFolder?.split(separator: "/").last }
}

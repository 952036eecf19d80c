import Agent
import Configuration
import OS
import Patching
import Publishing
import Repository
import Review
import Sandbox
import Session
import Simulator
import Transport
import Workspace

/// The failure of a command: exit code, code for machines, and a line for a person.
///
/// This is the one place that says what each error of the other targets means for whoever called a command.
struct CommandFailure {
    /// What kind of failure it is, by its exit code.
    enum Kind: String {
        /// What the arguments name is not there or cannot be used.
        case usage
        /// It is not possible in the current state.
        case refused
        /// The change does not apply.
        case conflict
        /// There is no sandbox.
        case sandbox
        /// The server could not be reached; the same command may work later.
        case temporary
        /// Graft or the machine failed.
        case `internal`
        /// A signal has stopped it.
        case interrupted

        fileprivate var exitCode: Int32 {
            switch self {
            case .refused, .conflict: 1
            case .usage: Verdict.usage.exitCode
            case .sandbox: Verdict.sandbox.exitCode
            case .temporary: Verdict.temporary.exitCode
            case .internal: Verdict.internal.exitCode
            case .interrupted: Verdict.interrupted.exitCode
            }
        }
    }

    /// The exit code.
    let exitCode: Int32
    /// What kind of failure it is, for machines.
    let code: String
    /// What was tried, why it failed, and what to do next; one line.
    let message: String
    /// The conflicting places of a change of a series.
    let conflict: SeriesConflict?

    /// Reads any error; one that no target is known to throw is a bug.
    init(_ error: any Error) {
        switch error {
        case let error as Refusal: self.init(error)
        case let error as ReviewError: self.init(error.kind, error.description, conflict: error.conflict)
        case let error as SessionError: self.init(error.kind, error.description)
        case let error as WorkspaceError: self.init(error.kind, error.description)
        case let error as RepositoryError: self.init(error.kind, error.description)
        case let error as TransportError: self.init(error.kind, error.description)
        case let error as RunEnding: self.init(exitCode: error.verdict.exitCode, error.verdict.rawValue, error.message)
        case let error as ForgeError: self.init(error)
        case let error as PatchError: self.init(.refused, error.description)
        case let error as SandboxError: self.init(error.code == .profile ? .usage : .sandbox, error.description)
        case let error as ConfigurationError: self.init(.usage, error.description)
        case let error as ScenarioError: self.init(.usage, error.description)
        case let error as ServerError: self.init(.internal, error.description)
        case let error as SystemError: self.init(.internal, error.description)
        case let error as OutputFileFailure: self.init(error.isOfMachine ? .internal : .usage, error.description)
        case is CancellationError: self.init(.interrupted, "stopped")
        default: self.init(.internal, "internal error: \(error); please report it")
        }
    }

    private init(_ kind: Kind, _ message: String, conflict: SeriesConflict? = nil) {
        self.init(exitCode: kind.exitCode, kind.rawValue, message, conflict: conflict)
    }

    private init(_ refusal: Refusal) {
        let kind: Kind =
            switch refusal.code {
            case Kind.usage.exitCode: .usage
            case Kind.refused.exitCode: .refused
            case Kind.sandbox.exitCode: .sandbox
            default: .internal
            }
        self.init(exitCode: refusal.code, kind.rawValue, refusal.description)
    }

    private init(_ error: ForgeError) {
        switch error.code {
        case .usage: self.init(.usage, error.description)
        case .refused: self.init(.refused, error.description)
        case .temporary: self.init(.temporary, error.description)
        case .credentials:
            self.init(exitCode: Verdict.credentials.exitCode, Verdict.credentials.rawValue, error.description)
        case .forge: self.init(exitCode: Verdict.provider.exitCode, Verdict.provider.rawValue, error.description)
        }
    }

    private init(exitCode: Int32, _ code: String, _ message: String, conflict: SeriesConflict? = nil) {
        self.exitCode = exitCode
        self.code = code
        self.message = message
        self.conflict = conflict
    }
}

extension ReviewError {
    fileprivate var kind: CommandFailure.Kind {
        switch code {
        case .usage: .usage
        case .refused: .refused
        case .conflict: .conflict
        case .internal: .internal
        }
    }
}

extension SessionError {
    fileprivate var kind: CommandFailure.Kind {
        switch code {
        case .notFound, .ambiguous, .inUse, .place: .usage
        case .folder, .journal: .internal
        }
    }
}

extension WorkspaceError {
    fileprivate var kind: CommandFailure.Kind {
        switch code {
        case .unsuitable, .busy, .notOurs: .usage
        case .sandbox: .sandbox
        case .system: .internal
        }
    }
}

extension RepositoryError {
    fileprivate var kind: CommandFailure.Kind {
        switch code {
        case .notARepository, .bare, .ownedBySomeoneElse: .usage
        case .library, .system, .outOfTime, .gitCommand: .internal
        case .unsupported, .conflicts, .uncommitted, .unfinished, .referenceMoved, .checkedOut, .alreadyExists,
            .notFound, .nothingChanged, .mismatch, .forbiddenPath, .inTheWay, .notARegularFile, .locked, .notOurs:
            .refused
        }
    }
}

extension TransportError {
    fileprivate var kind: CommandFailure.Kind {
        switch code {
        case .invalid: .usage
        case .cancelled: .interrupted
        case .connectFailed, .proxy, .tls, .timedOut, .refused, .closed, .protocolError: .temporary
        }
    }
}

/// That a path is protected, and why.
struct Protection: Sendable, Hashable {
    /// Why a path is protected.
    enum Reason: Sendable, Hashable {
        /// It is a test, or stands beside tests and is used by them.
        case test
        /// It holds what tests expect.
        case snapshot
        /// It says what runs on a CI server.
        case ci
        /// It configures a test runner, a linter, a formatter, a type checker or the measurement of coverage.
        case configuration
        /// It says which versions of dependencies are used.
        case lock
        /// It is Graft's own, or instructions for agents.
        case own
        /// It changes what git checks out.
        case git
        /// The command that decides runs or reads it.
        case command
        /// Somebody has asked for it with this pattern.
        case asked(String)
    }

    /// Why.
    let reason: Reason
    /// Which parts of it; nil for the whole file.
    let parts: FileParts?

    init(_ reason: Reason, parts: FileParts? = nil) {
        self.reason = reason
        self.parts = parts
    }

    /// What the path is, as a message says it.
    var description: String {
        switch reason {
        case .test: "a test"
        case .snapshot: "what tests expect"
        case .ci: "a CI definition"
        case .configuration: "the configuration of a check"
        case .lock: "a lock file"
        case .own: "Graft's configuration or instructions for agents"
        case .git: "what git checks out by"
        case .command: "what the command runs or reads"
        case .asked(let pattern): "protected by \(pattern)"
        }
    }
}

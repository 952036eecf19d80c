import Agent
public import ArgumentParser
public import Configuration
public import Session

/// The flags of a new session that nobody watches: the rules for CI, a name for the task, what stays on the disk.
struct UnattendedOptions: ParsableArguments {
    @OptionGroup var state: StateOptions

    @Option(
        help: ArgumentHelp(
            "Do a task of this name once: again, it has the same result, or goes on where it was stopped.",
            valueName: "id"))
    var taskId: TaskID?

    @Option(
        help: ArgumentHelp("How many attempts in a row a branch may have (Graft-Attempt trailers).", valueName: "n"))
    var attemptLimit: Int?

    @Flag(help: "End when the branch has moved on the remote meanwhile.")
    var stopIfMoved = false

    @Flag(help: "Work for forks, drafts and labelled changes, too, whatever the rules of [ci] say.")
    var noSkip = false

    @Option(
        help: ArgumentHelp("At the end, keep so many sessions (20) or those of so long (14d).", valueName: "rule"))
    var keep: KeepRule?

    func validate() throws {
        if let attemptLimit, attemptLimit < 1 { throw ValidationError("--attempt-limit must be at least 1") }
    }

    /// Puts the flags into a request.
    func apply(to request: inout RunRequest) {
        request.settings.ci.attempts = attemptLimit
        if stopIfMoved { request.settings.ci.stopsIfMoved = true }
        if noSkip { request.settings.ci.skips = [] }
        request.settings.ci.keep = keep
    }
}

extension KeepRule: ExpressibleByArgument {
    /// Reads `20` or `14d`.
    public init?(argument: String) { self.init(spelled: argument) }
}

extension TaskID: ExpressibleByArgument {
    /// Takes a name that may stand in a file's.
    public init?(argument: String) { self.init(argument) }
}

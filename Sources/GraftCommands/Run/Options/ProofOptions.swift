import Agent
import ArgumentParser
import Configuration

/// The flags that say how much a run of the command has to prove, before anything is done and at the end.
struct ProofOptions: ParsableArguments {
    @Option(
        name: .customLong("confirm"),
        help: ArgumentHelp(
            "How often to run the failing command first; one that passes and fails is flaky (default: 1).",
            valueName: "n"))
    var confirmations: Int?

    @Option(
        name: .customLong("repeat"),
        help: ArgumentHelp("How often it has to pass on the last commit (default: 1).", valueName: "n"))
    var repetitions: Int?

    @Flag(help: "Have it pass on each commit of the series, not only on the last one.")
    var verifyEach = false

    @Flag(help: "Ask the model even if the command is flaky, or fails for what its surroundings lack.")
    var force = false

    func validate() throws {
        for (name, value) in [("--confirm", confirmations), ("--repeat", repetitions)] {
            if let value, !(1...1000).contains(value) { throw ValidationError("\(name) must be from 1 to 1000") }
        }
    }

    /// Puts the flags into a request.
    func apply(to request: inout RunRequest) {
        request.settings.confirmations = confirmations
        request.settings.repetitions = repetitions
        if verifyEach { request.settings.verifiesEach = true }
        request.isForced = force
    }
}

import Agent
import ArgumentParser
import Configuration

/// The flags that say which paths a series may not change unseen.
struct ProtectionOptions: ParsableArguments {
    @Option(
        name: .customLong("protect"),
        help: ArgumentHelp(
            "Further paths that are as before when the command decides; defaults: what graft fix protects.",
            valueName: "pattern"))
    var protecting: [String] = []

    @Option(
        name: .customLong("allow-changes-to"),
        help: ArgumentHelp("Paths that may change all the same, such as tests/data/.", valueName: "pattern"))
    var allowing: [String] = []

    func validate() throws {
        for (name, patterns) in [("--protect", protecting), ("--allow-changes-to", allowing)] {
            for pattern in patterns where !ProtectionSettings.isPattern(pattern) {
                throw ValidationError("\(name): \"\(pattern)\" is none of the \(ProtectionSettings.forms)")
            }
        }
    }

    func apply(to settings: inout Settings) {
        settings.protection.protecting += protecting
        settings.protection.allowing += allowing
    }
}

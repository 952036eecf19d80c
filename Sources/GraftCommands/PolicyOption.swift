import Agent
import ArgumentParser
import Configuration
import Sandbox

/// The flag that chooses what commands may see and change.
struct PolicyOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What commands may do: \(SandboxProfile.builtInNames.joined(separator: ", ")), or a TOML file.",
            valueName: "policy"))
    var policy: String?

    func validate() throws {
        guard let policy else { return }
        _ = try SandboxProfile.read(policy)
    }

    /// What the flag chooses.
    var choice: PolicyChoice? { policy.map(PolicyChoice.named) }
}

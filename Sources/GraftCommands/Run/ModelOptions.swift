import Agent
public import ArgumentParser
import Configuration
public import Responses

/// The flags that choose the model and the server.
struct ModelOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The model (default: gpt-5.5).", valueName: "name"))
    var model: String?

    @Option(
        help: ArgumentHelp(
            "How hard the model thinks: \(Settings.efforts.joined(separator: ", ")) (default: medium).",
            valueName: "level"), completion: .list(Settings.efforts))
    var effort: String?

    @Option(help: ArgumentHelp("How much the model says: low, medium, high (default: medium).", valueName: "level"))
    var verbosity: String?

    @Option(
        help: ArgumentHelp(
            "The kind of server: openai, or compatible for llama.cpp, vLLM, Ollama and the like.", valueName: "kind"))
    var provider: ProviderProfile?

    @Flag(help: "Have the server store nothing (store: false in every request, whatever it says).")
    var zdr = false

    func validate() throws {
        if let model, !model.contains(where: { !$0.isWhitespace }) {
            throw ValidationError("--model: the name is empty")
        }
        for (name, value, known) in [
            ("--effort", effort, Settings.efforts), ("--verbosity", verbosity, Settings.verbosities),
        ] {
            guard let value, !value.contains(where: { !$0.isWhitespace }) else { continue }
            throw ValidationError("\(name) is empty; there are \(known.joined(separator: ", "))")
        }
    }

    /// What the flags set.
    var settings: Settings {
        var settings = Settings()
        settings.model = model
        settings.effort = effort.map { PhasedValue($0) }
        settings.verbosity = verbosity.map { PhasedValue($0) }
        settings.provider = provider
        if zdr { settings.zeroRetention = true }
        return settings
    }
}

extension ProviderProfile: ExpressibleByArgument {}

import Agent
public import ArgumentParser
public import Responses

/// The flags that choose the model and the server.
struct ModelOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The model (default: gpt-5.5).", valueName: "name"))
    var model: String?

    @Option(
        help: ArgumentHelp(
            "How hard the model thinks: none, minimal, low, medium, high, xhigh (default: medium).", valueName: "level")
    )
    var effort: String?

    @Option(help: ArgumentHelp("How much the model says: low, medium, high (default: medium).", valueName: "level"))
    var verbosity: String?

    @Option(
        help: ArgumentHelp(
            "The kind of server: openai, or compatible for llama.cpp, vLLM, Ollama and the like.", valueName: "kind"))
    var provider: ProviderProfile?

    /// What the flags set.
    var settings: Settings {
        var settings = Settings()
        settings.model = model
        settings.effort = effort
        settings.verbosity = verbosity
        settings.provider = provider
        return settings
    }
}

extension ProviderProfile: ExpressibleByArgument {}

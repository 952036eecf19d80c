import ArgumentParser
import Configuration

/// The flag that turns tools on which are not there otherwise.
struct ToolOptions: ParsableArguments {
    @Option(
        name: .customLong("tool"),
        help: ArgumentHelp(
            "Turn a further tool on, or none of those of your configuration: \(ToolChoice.forms).", valueName: "tool"))
    var tools: [String] = []

    func validate() throws {
        do throws(ConfigurationError) { _ = try ToolSelection(spelled: tools) } catch {
            throw ValidationError("--tool: \(error.description)")
        }
    }

    /// What the flags turn on.
    var selection: ToolSelection {
        // Words that are no tools do not come this far.
        (try? ToolSelection(spelled: tools)) ?? ToolSelection()
    }
}

import ArgumentParser

extension ParsableCommand {
    /// The names of the subcommands.
    static var subcommandNames: [String] { configuration.subcommands.compactMap { $0.configuration.commandName } }
}

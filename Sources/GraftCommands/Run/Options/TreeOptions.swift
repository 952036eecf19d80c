public import ArgumentParser
public import Session

/// The flags of a new session that say in which tree it works.
struct TreeOptions: ParsableArguments {
    @Option(
        name: .customLong("tree"),
        help: ArgumentHelp(
            "Files of the session's own: written out, or an overlay of yours; or in-place.", valueName: "kind"))
    var kind: TreeChoice = .auto

    @Flag(help: "Work in the checkout itself, for throw-away checkouts: --tree in-place.")
    var inPlace = false

    func validate() throws {
        if inPlace, kind == .worktree || kind == .overlay {
            throw ValidationError("--in-place and --tree \(kind.rawValue) contradict each other")
        }
    }

    /// What was chosen.
    var choice: TreeChoice { inPlace ? .inPlace : kind }
}

extension TreeChoice: ExpressibleByArgument {}

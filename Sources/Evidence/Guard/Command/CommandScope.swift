import JSON
import Repository
import Text

/// What the command that decides runs and reads, as far as its words and the scripts of the repository tell.
///
/// Nothing is run. Scripts, recipes of makefiles and entries of `package.json` are followed, within limits.
struct CommandScope: Sendable {
    /// The programs that run, by their names.
    private(set) var tools: Set<String> = []
    /// Whether the command's own words speak of doctest.
    private(set) var namesDoctest = false
    private var scripts: Set<BytePath> = []
    private var whole: [PathPattern] = []
    private var inParts: [PathPattern] = []

    /// Whether the command runs a file, or reads all of it.
    func runs(_ path: BytePath) -> Bool { scripts.contains(path) || whole.contains { $0.matches(path) } }

    /// Whether a tool of the command reads a file that says more than what is checked.
    func reads(_ path: BytePath) -> Bool { inParts.contains { $0.matches(path) } }

    /// Works out what a command names; nothing for none.
    init(_ command: String?, in repository: GitRepository, at commit: CommitID) throws(RepositoryError) {
        guard let command else { return }
        var reader = CommandReader(repository, commit)
        try reader.read(command, in: "", depth: 0)
        try reader.followTestFolders()
        tools = reader.tools
        namesDoctest = command.contains("doctest") || tools.contains("doctest")
        scripts = reader.scripts
        whole = reader.patterns + tools.sorted().flatMap(ToolFiles.whole)
        inParts = tools.sorted().flatMap(ToolFiles.inParts)
    }
}

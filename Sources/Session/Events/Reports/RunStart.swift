import JSON
public import Text

/// What a run works on and with.
public struct RunStart: Sendable, Equatable {
    /// The repository's working directory.
    public var repository: String
    /// The commit the user's HEAD was at.
    public var base: String
    /// The commit the model starts from: `base`, or one more with the user's uncommitted work.
    public var start: String
    /// The branch that will hold the commits.
    public var branch: String
    /// The folder in which commands run.
    public var tree: String
    /// What was asked for, in words; absent where the command is all there is.
    public var task: String?
    /// The command that decides, if there is one.
    public var command: String?
    /// Where that command was found; nil if it was asked for.
    public var commandSource: CommandSource?
    /// The model's name.
    public var model: String
    /// The server.
    public var endpoint: String
    /// The sandbox in one line.
    public var sandbox: String
    /// What commands may see and change, as a policy file says it: the user's policy narrowed by the repository's.
    public var policy: String?
    /// When it began: seconds since 1970.
    public var time: Int
    /// What kind of tree that folder is; nil in the journals of earlier versions.
    public var treeKind: TreeKind?

    /// What flags and configuration have chosen; nil in the journals of earlier versions.
    public var choices: RunChoices?
    /// The branch on the remote that the run is about; nil where nobody watches it.
    public var upstream: Upstream?
    /// The paths of the user's uncommitted work that was taken along, at most `uncommittedLimit` of them.
    public var uncommitted: [BytePath] = []
    /// So many paths are named.
    public static let uncommittedLimit = 1000

    /// A branch of another repository, and where it was.
    public struct Upstream: Sendable, Equatable {
        /// The name or address of the other repository.
        public var remote: String
        /// The branch's short name.
        public var branch: String
        /// Its commit when the run began.
        public var commit: String

        /// Names the parts.
        public init(remote: String, branch: String, commit: String) {
            self.remote = remote
            self.branch = branch
            self.commit = commit
        }
    }

    /// A configuration that names the command that decides.
    public enum CommandSource: String, Sendable {
        /// The user's own.
        case user
        /// The repository's, as it is in the base commit.
        case repository
        /// A proposal that was taken: the repository's other files name it.
        case proposal
    }

    /// Names the parts.
    public init(
        repository: String, base: String, start: String, branch: String, tree: String, task: String?,
        command: String?, model: String, endpoint: String, sandbox: String, policy: String? = nil, time: Int,
        treeKind: TreeKind? = nil
    ) {
        self.repository = repository
        self.base = base
        self.start = start
        self.branch = branch
        self.tree = tree
        self.task = task
        self.command = command
        self.model = model
        self.endpoint = endpoint
        self.sandbox = sandbox
        self.policy = policy
        self.time = time
        self.treeKind = treeKind
    }
}

extension RunStart {
    func write(into writer: inout JSONWriter) {
        writer.member("repository", repository)
        writer.member("time", time)
        writer.member("base", base)
        writer.member("start", start)
        writer.member("branch", branch)
        writer.member("tree", tree)
        if let treeKind { writer.member("tree_kind", treeKind.rawValue) }
        if !uncommitted.isEmpty {
            writer.member("uncommitted", array: { for path in uncommitted { $0.string(path.text) } })
        }
        if let task { writer.member("task", task) }
        if let command { writer.member("command", command) }
        if let commandSource { writer.member("command_source", commandSource.rawValue) }
        writer.member("model", model)
        writer.member("endpoint", endpoint)
        writer.member("sandbox", sandbox)
        if let policy { writer.member("policy", policy) }
        if let upstream {
            writer.member(
                "upstream",
                object: {
                    $0.member("remote", upstream.remote)
                    $0.member("branch", upstream.branch)
                    $0.member("commit", upstream.commit)
                })
        }
        if let choices { writer.member("choices", object: { choices.write(into: &$0) }) }
    }

    init?(_ json: JSON) {
        guard let repository = json["repository"]?.string, let base = json["base"]?.string,
            let branch = json["branch"]?.string
        else { return nil }
        self.init(
            repository: repository, base: base, start: json["start"]?.string ?? base, branch: branch,
            tree: json["tree"]?.string ?? "", task: json["task"]?.string, command: json["command"]?.string,
            model: json["model"]?.string ?? "", endpoint: json["endpoint"]?.string ?? "",
            sandbox: json["sandbox"]?.string ?? "", policy: json["policy"]?.string, time: json["time"]?.int ?? 0,
            treeKind: json["tree_kind"]?.string.flatMap(TreeKind.init))
        uncommitted = json["uncommitted"]?.elements.compactMap { $0.string.map { BytePath(spelled: $0) } } ?? []
        choices = json["choices"].map(RunChoices.init)
        if let found = json["upstream"], let remote = found["remote"]?.string, let branch = found["branch"]?.string,
            let commit = found["commit"]?.string
        {
            upstream = Upstream(remote: remote, branch: branch, commit: commit)
        }
        commandSource = json["command_source"]?.string.flatMap(CommandSource.init)
    }
}

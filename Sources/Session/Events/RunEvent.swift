public import Responses

/// Something that happened in a run.
///
/// The journal, `--json`, the terminal view and the result all live on these; what is not an event has not
/// happened.
public enum RunEvent: Sendable {
    /// The session has a name.
    case threadStarted(SessionID)
    /// The run's surroundings are known.
    case runStarted(RunStart)
    /// The command was run before anything was done.
    case baseline(CommandReport, failures: [String])
    /// A request is about to be made.
    case turnStarted(Int)
    /// A request has gone out.
    case requestSent(RequestReport)
    /// The model's text as it streams; shown, not kept.
    case textDelta(String, phase: Item.Phase?)
    /// The model's reasoning as it streams; shown, not kept.
    case reasoningDelta(String)
    /// A finished item of a response, byte for byte.
    case responseItem(Item, turn: Int)
    /// An item of the harness that goes into the history, byte for byte.
    case inputItem(Item, turn: Int)
    /// A call of the model is about to be run; its answer follows as an input item with the same call id.
    case callStarted(CallStart)
    /// Something begins.
    case itemStarted(RunItem)
    /// Something goes on and there is more of it.
    case itemUpdated(RunItem)
    /// Something has ended.
    case itemCompleted(RunItem)
    /// A response has ended.
    case turnCompleted(TurnReport)
    /// A request has failed for good.
    case turnFailed(String)
    /// A step has been committed.
    case commitCreated(CommitReport)
    /// The steps have been ordered into a series, which the branch now holds.
    case seriesOrdered(SeriesReport)
    /// The command was run on a clean checkout.
    case verified(Verification)
    /// The model asks for a command with more rights.
    case approvalRequested(ApprovalReport)
    /// It has been decided; what comes of it follows.
    case approvalDecided(ApprovalReport, ApprovalDecision)
    /// Something a person should know that ends nothing.
    case notice(String)
    /// The run is over; always the last event.
    case runFinished(RunResult)
}

/// What a run works on and with.
public struct RunStart: Sendable {
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

/// One request as it went out.
public struct RequestReport: Sendable {
    /// The turn it belongs to.
    public var turn: Int
    /// `websocket` or `http`.
    public var transport: String
    /// Bytes of the request.
    public var byteCount: Int
    /// Bytes of the items in it.
    public var itemByteCount: Int
    /// From the last event of the response before it to this request; absent for the first.
    public var sinceLastEvent: Duration?

    /// Names the parts.
    public init(turn: Int, transport: String, byteCount: Int, itemByteCount: Int, sinceLastEvent: Duration?) {
        self.turn = turn
        self.transport = transport
        self.byteCount = byteCount
        self.itemByteCount = itemByteCount
        self.sinceLastEvent = sinceLastEvent
    }
}

/// A call of the model, before it is run.
public struct CallStart: Sendable, Equatable {
    /// The id that pairs it with its answer (`call_id`).
    public var callID: String
    /// The tool's name.
    public var name: String
    /// The turn it belongs to.
    public var turn: Int

    /// Names the call.
    public init(callID: String, name: String, turn: Int) {
        self.callID = callID
        self.name = name
        self.turn = turn
    }
}

/// The steps of a session, ordered into commits for a reader.
public struct SeriesReport: Sendable {
    /// The commits, oldest first; they take the place of the steps.
    public var commits: [CommitReport]
    /// The tree of the last one, which is the tree of the last step.
    public var tree: String
    /// How many steps they are made of.
    public var stepCount: Int

    /// Names the parts.
    public init(commits: [CommitReport], tree: String, stepCount: Int) {
        self.commits = commits
        self.tree = tree
        self.stepCount = stepCount
    }
}

/// One response as it ended.
public struct TurnReport: Sendable {
    /// The turn's number, from 1.
    public var turn: Int
    /// The response's id.
    public var response: ResponseID
    /// What it cost, where the server says so.
    public var usage: Usage?
    /// From the request to the response's end.
    public var duration: Duration

    /// Names the parts.
    public init(turn: Int, response: ResponseID, usage: Usage?, duration: Duration) {
        self.turn = turn
        self.response = response
        self.usage = usage
        self.duration = duration
    }
}

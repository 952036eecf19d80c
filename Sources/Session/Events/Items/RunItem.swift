public import Responses

/// Something that happened in a run and that a person would want to see: a message, a command, a change of files.
public struct RunItem: Sendable {
    /// The item's name within the run, such as `item_4`.
    public let id: String
    /// The model's call that it belongs to (`call_id`); nil for what no call asked for.
    public let callID: String?
    /// What it is.
    public let content: Content

    /// Names an item.
    public init(id: String, callID: String? = nil, content: Content) {
        self.id = id
        self.callID = callID
        self.content = content
    }

    /// The kinds of item, named as in the events.
    public enum Content: Sendable {
        /// Words of the model, with their phase.
        case agentMessage(text: String, phase: Item.Phase?)
        /// The summary of the model's reasoning, where the server gives one.
        case reasoning(String)
        /// A shell line; the report is absent while it runs.
        case commandExecution(command: String, CommandReport?)
        /// A command that goes on beside others.
        case startedCommand(StartedCommand)
        /// A patch; absent while it is being applied.
        case fileChange([FileSummary], PatchReport?)
        /// What any other tool did.
        case tool(ToolReport)
        /// A call that could not be run.
        case error(String)
    }
}

/// What a tool did that changes no files and runs no command, as any view can show it.
public struct ToolReport: Sendable, Equatable {
    /// How far it has come.
    public enum Status: String, Sendable {
        case inProgress = "in_progress"
        case completed, failed
    }

    /// The tool's name.
    public var name: String
    /// What it was asked for, in a line.
    public var title: String
    /// How far it has come.
    public var status: Status
    /// What it answered, or nothing so far.
    public var output: String

    /// Names the tool and what it did.
    public init(name: String, title: String, status: Status, output: String = "") {
        self.name = name
        self.title = title
        self.status = status
        self.output = output
    }
}

/// How a shell line ended.
public struct CommandReport: Sendable {
    /// Exit status; nil if there is none, as after a time-out.
    public var exitCode: Int32?
    /// How it ended, in a word or two: `exit 1`, `timed out after 120 s`, `killed by SIGKILL`.
    public var ending: String
    /// How long it took.
    public var duration: Duration
    /// What the model saw of the output, both streams.
    public var output: String
    /// How many bytes it printed.
    public var outputByteCount: Int
    /// The name of the signal that ended it, if one did.
    public var signal: String?
    /// Processor time, with that of all it has started; nil where it is not known.
    public var processorTime: Duration?
    /// The largest resident size of any of its processes, in bytes; nil where it is not known.
    public var peakByteCount: Int?
    /// Whether the kernel killed something of it because the memory was used up.
    public var ranOutOfMemory = false

    /// Whether it exited with zero.
    public var isSuccess: Bool { exitCode == 0 }

    /// Names the parts.
    public init(exitCode: Int32?, ending: String, duration: Duration, output: String, outputByteCount: Int) {
        self.exitCode = exitCode
        self.ending = ending
        self.duration = duration
        self.output = output
        self.outputByteCount = outputByteCount
    }
}

/// A command that goes on beside others, at one moment.
public struct StartedCommand: Sendable {
    /// What the model calls it, such as `p1`.
    public var handle: String
    /// The shell line.
    public var command: String
    /// What it has printed since the last look, as the model sees it.
    public var output: String = ""
    /// Where in its whole output that begins, and where it ends.
    public var outputRange = 0..<0
    /// How it ended; nil while it runs.
    public var report: CommandReport?

    /// Names a command that has printed nothing yet.
    public init(handle: String, command: String, output: String = "", outputRange: Range<Int> = 0..<0) {
        self.handle = handle
        self.command = command
        self.output = output
        self.outputRange = outputRange
    }
}

/// How a patch ended.
public struct PatchReport: Sendable {
    /// Whether the files have been changed.
    public var isApplied: Bool
    /// What the model was told.
    public var message: String
    /// The change as a unified diff; empty if nothing was applied.
    public var diff: String

    /// Names the parts.
    public init(isApplied: Bool, message: String, diff: String = "") {
        self.isApplied = isApplied
        self.message = message
        self.diff = diff
    }
}

/// One file of a change.
public struct FileSummary: Sendable, Equatable {
    /// The path, relative to the root of the tree.
    public var path: String
    /// What happened to the file.
    public var kind: Kind

    /// What can happen to a file.
    public enum Kind: String, Sendable {
        case add, update, delete
    }

    /// Names a file and its change.
    public init(path: String, kind: Kind) {
        self.path = path
        self.kind = kind
    }
}

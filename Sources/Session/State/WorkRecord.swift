public import Responses
import Text

/// What has been done in a session, as far as a model must know it that has forgotten the conversation: folded from the
/// events, without the history itself.
public struct WorkRecord: Sendable, Equatable {
    /// A command that goes on beside the others.
    public struct RunningCommand: Sendable, Equatable {
        /// What the model calls it, such as `p1`.
        public let handle: String
        /// The shell line.
        public let command: String
    }

    /// A run of the command that decides.
    public struct DecidingRun: Sendable, Equatable {
        /// Where it was run.
        public enum Place: Sendable, Equatable {
            /// In the tree before anything was done.
            case beginning
            /// In the working tree, by the model.
            case tree
            /// On a clean checkout of this commit.
            case commit(String)
        }

        /// Where it was run.
        public let place: Place
        /// How it ended, and what it printed.
        public let report: CommandReport
    }

    /// What the history began with: the rules and the task, as items.
    public private(set) var opening: [Item] = []
    /// What people have asked for in words, the newest last; empty where the command that decides is all there is.
    public private(set) var instructions: [String] = []
    /// What has been reached, in order.
    public private(set) var milestones: [Milestone] = []
    /// How many milestones there were when the last request was about to be made; whether those after them make the history
    /// shorter is not decided yet.
    public private(set) var weighedMilestoneCount = 0
    /// The commands that go on, in the order in which they were started.
    public private(set) var runningCommands: [RunningCommand] = []
    /// Paths that commands have read, as the commands name them; the newest last.
    public private(set) var readFiles: [String] = []
    /// The model's plan, as it last told it.
    public private(set) var todoList: TodoList?
    /// The plan as an item of which more may come; nil once it has ended.
    public private(set) var openTodoList: RunItem?
    /// The last run of the command that decides.
    public private(set) var decidingRun: DecidingRun?
    /// How often the history was compacted.
    public private(set) var compactionCount = 0

    private var decidingCommand: String?
    /// So many paths are remembered.
    private static let readLimit = 200

    /// Takes in an event.
    mutating func apply(_ event: RunEvent) {
        switch event {
        case .runStarted(let run):
            decidingCommand = run.command
            if let task = run.task { instructions.append(task) }
        case .inputItem(let item, turn: 0): opening.append(item)
        case .baseline(let report, _): decidingRun = DecidingRun(place: .beginning, report: report)
        case .verified(let run): decidingRun = DecidingRun(place: .commit(run.commit), report: run.report)
        case .milestoneReported(let milestone, _): milestones.append(milestone)
        case .turnStarted, .windowCompacted:
            weighedMilestoneCount = milestones.count
            if case .windowCompacted = event { compactionCount += 1 }
        case .itemStarted(let item): note(item)
        case .itemUpdated(let item): if case .todoList = item.content { note(item) }
        case .itemCompleted(let item):
            note(item)
            if item.id == openTodoList?.id { openTodoList = nil }
        // Nothing runs on behind the end of a run, however it ended.
        case .runFinished: runningCommands = []
        case .runResumed(let resumption):
            runningCommands = []
            openTodoList = nil
            if let prompt = resumption.prompt { instructions.append(prompt) }
        default: break
        }
    }

    /// Whether a shell line is the command that decides, but for spaces and for where its errors go.
    public func isDeciding(_ line: String) -> Bool {
        decidingCommand.map { Self.words($0) == Self.words(line) } ?? false
    }

    private static func words(_ line: String) -> [Substring] {
        let words = line.split(whereSeparator: \.isWhitespace)
        return words.last == "2>&1" ? words.dropLast() : words
    }

    private mutating func note(_ item: RunItem) {
        switch item.content {
        case .commandExecution(let line, let report?):
            if isDeciding(line) { decidingRun = DecidingRun(place: .tree, report: report) }
            for path in ShellLine(line).readFiles {
                readFiles.removeAll { $0 == path }
                readFiles.append(path)
            }
            readFiles.removeFirst(max(0, readFiles.count - Self.readLimit))
        case .startedCommand(let started):
            runningCommands.removeAll { $0.handle == started.handle }
            if started.report == nil {
                runningCommands.append(RunningCommand(handle: started.handle, command: started.command))
            }
        case .todoList(let list): (todoList, openTodoList) = (list, item)
        default: break
        }
    }
}

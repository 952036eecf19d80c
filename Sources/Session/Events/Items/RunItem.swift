import JSON
public import Responses

/// Something that happened in a run and that a person would want to see: a message, a command, a change of files.
public struct RunItem: Sendable, Equatable {
    /// The item's name within the run, such as `item_4`.
    public let id: String
    /// The model's call that it belongs to (`call_id`); nil for what no call asked for.
    public let callID: String?
    /// What it is.
    public let content: Content
    /// The sources that a message of the model names.
    public let citations: [Citation]

    /// Names an item.
    public init(id: String, callID: String? = nil, content: Content, citations: [Citation] = []) {
        self.id = id
        self.callID = callID
        self.content = content
        self.citations = citations
    }

    /// The kinds of item, named as in the events.
    public enum Content: Sendable, Equatable {
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
        /// The model's plan.
        case todoList(TodoList)
        /// What was done on a screen.
        case computer(ComputerReport)
        /// What any other tool did.
        case tool(ToolReport)
        /// What a tool of the server did.
        case hosted(HostedReport)
        /// A call that could not be run.
        case error(String)
    }
}

extension RunItem {
    /// The shell line and how it ended, if this is a command that has.
    public var endedCommand: (command: String, report: CommandReport)? {
        switch content {
        case .commandExecution(let command, let report?): (command, report)
        case .startedCommand(let started): started.report.map { (started.command, $0) }
        default: nil
        }
    }

    func write(into writer: inout JSONWriter) {
        writer.member("id", id)
        if let callID { writer.member("call_id", callID) }
        switch content {
        case .agentMessage(let text, let phase):
            writer.member("type", "agent_message")
            writer.member("text", text)
            if let phase { writer.member("phase", phase.rawValue) }
        case .reasoning(let text):
            writer.member("type", "reasoning")
            writer.member("text", text)
        case .commandExecution(let command, let report):
            writer.member("type", "command_execution")
            writer.member("command", command)
            if let report { report.write(into: &writer) } else { CommandReport.writeRunning(into: &writer) }
        case .startedCommand(let started):
            writer.member("type", "command_execution")
            started.write(into: &writer)
        case .fileChange(let files, let report):
            writer.member("type", "file_change")
            writer.member("changes", array: { for file in files { file.write(into: &$0) } })
            if let report { report.write(into: &writer) } else { writer.member("status", "in_progress") }
        case .todoList(let list):
            writer.member("type", "todo_list")
            list.write(into: &writer)
        case .computer(let report):
            writer.member("type", "computer")
            report.write(into: &writer)
        case .tool(let report):
            writer.member("type", "tool_call")
            report.write(into: &writer)
        case .hosted(let report): report.write(into: &writer)
        case .error(let message):
            writer.member("type", "error")
            writer.member("message", message)
        }
        if !citations.isEmpty {
            writer.member(
                "citations", array: { for citation in citations { $0.object { citation.write(into: &$0) } } })
        }
    }

    /// Reads an item; nil for one of a type that nobody here knows, and one without what it must have.
    init?(_ json: JSON) {
        guard let id = json["id"]?.string, let content = Content(json) else { return nil }
        self.init(
            id: id, callID: json["call_id"]?.string, content: content,
            citations: json["citations"].map { $0.elements.compactMap(Citation.init) } ?? [])
    }
}

extension RunItem.Content {
    fileprivate init?(_ json: JSON) {
        switch json["type"]?.string {
        case "agent_message":
            guard let text = json["text"]?.string else { return nil }
            self = .agentMessage(text: text, phase: json["phase"]?.string.flatMap(Item.Phase.init))
        case "reasoning":
            guard let text = json["text"]?.string else { return nil }
            self = .reasoning(text)
        case "command_execution":
            if let started = StartedCommand(json) {
                self = .startedCommand(started)
            } else if let command = json["command"]?.string {
                self = .commandExecution(command: command, CommandReport(json))
            } else {
                return nil
            }
        case "file_change":
            let files = json["changes"].map { $0.elements.compactMap(FileSummary.init) } ?? []
            self = .fileChange(files, PatchReport(json))
        case "todo_list":
            guard let list = TodoList(json) else { return nil }
            self = .todoList(list)
        case "computer":
            guard let report = ComputerReport(json) else { return nil }
            self = .computer(report)
        case "tool_call":
            guard let report = ToolReport(json) else { return nil }
            self = .tool(report)
        case "error":
            guard let message = json["message"]?.string else { return nil }
            self = .error(message)
        default:
            guard let report = HostedReport(journal: json) else { return nil }
            self = .hosted(report)
        }
    }
}

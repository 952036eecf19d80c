import JSON

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
    /// What it may touch.
    public var reach: ToolReach

    /// Names the tool and what it did.
    public init(name: String, title: String, status: Status, output: String = "", reach: ToolReach = .nothing) {
        self.name = name
        self.title = title
        self.status = status
        self.output = output
        self.reach = reach
    }
}

/// What a tool may touch, by how far it reaches.
public enum ToolReach: String, Sendable {
    /// Nothing but the conversation.
    case nothing
    /// The working tree, within the sandbox.
    case tree
    /// Other machines.
    case network
    /// This machine, outside of the sandbox.
    case machine
}

extension ToolReport {
    func write(into writer: inout JSONWriter) {
        writer.member("name", name)
        writer.member("title", title)
        writer.member("status", status.rawValue)
        writer.member("output", output)
        if reach != .nothing { writer.member("reach", reach.rawValue) }
    }

    init?(_ json: JSON) {
        guard let name = json["name"]?.string, let status = json["status"]?.string.flatMap(Status.init) else {
            return nil
        }
        self.init(
            name: name, title: json["title"]?.string ?? "", status: status, output: json["output"]?.string ?? "",
            reach: json["reach"]?.string.flatMap(ToolReach.init) ?? .nothing)
    }
}

import JSON

/// What was done on a screen by one call, and how it looked afterwards.
public struct ComputerReport: Sendable, Equatable {
    /// How far it has come.
    public enum Status: String, Sendable {
        case inProgress = "in_progress"
        case completed, failed
    }

    /// What was asked for, an action each, in words.
    public var actions: [String]
    /// How far it has come.
    public var status: Status
    /// The picture of the screen afterwards, as a path in the session's folder; nil where there is none.
    public var screenshot: String?
    /// What was told beside the picture, such as why something was not done.
    public var note: String?

    /// Names what was asked for.
    public init(actions: [String], status: Status = .inProgress, screenshot: String? = nil, note: String? = nil) {
        self.actions = actions
        self.status = status
        self.screenshot = screenshot
        self.note = note
    }
}

extension ComputerReport {
    /// The actions in a line, the first ones of many.
    public func line(atMost limit: Int = 6) -> String {
        let left = actions.count - limit
        return actions.prefix(limit).joined(separator: "; ") + (left > 0 ? "; and \(left) more" : "")
    }

    func write(into writer: inout JSONWriter) {
        writer.member("actions", array: { for action in actions { $0.string(action) } })
        writer.member("status", status.rawValue)
        if let screenshot { writer.member("screenshot", screenshot) }
        if let note { writer.member("note", note) }
    }

    init?(_ json: JSON) {
        guard let actions = json["actions"], let status = json["status"]?.string.flatMap(Status.init) else {
            return nil
        }
        self.init(
            actions: actions.elements.compactMap(\.string), status: status, screenshot: json["screenshot"]?.string,
            note: json["note"]?.string)
    }
}

import JSON

/// The name of a session and the place of its files.
public struct ThreadStart: Sendable, Equatable {
    /// The session's name.
    public var id: SessionID
    /// The session's folder; nil in the journals of earlier versions.
    public var folder: String?
    /// The commit that the session starts from; nil in the journals of earlier versions.
    public var base: String?

    /// Names a session.
    public init(id: SessionID, folder: String? = nil, base: String? = nil) {
        self.id = id
        self.folder = folder
        self.base = base
    }
}

extension ThreadStart {
    func write(into writer: inout JSONWriter) {
        writer.member("thread_id", id.rawValue)
        if let folder { writer.member("session", folder) }
        if let base { writer.member("base", base) }
    }

    init?(_ json: JSON) {
        guard let name = json["thread_id"]?.string else { return nil }
        self.init(id: SessionID(name), folder: json["session"]?.string, base: json["base"]?.string)
    }
}

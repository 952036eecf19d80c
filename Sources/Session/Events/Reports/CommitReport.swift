import JSON

/// One commit of a session.
public struct CommitReport: Sendable, Equatable {
    /// The commit's id.
    public var id: String
    /// The first line of its message.
    public var subject: String
    /// The files it changes.
    public var files: [FileSummary]

    /// Names the parts.
    public init(id: String, subject: String, files: [FileSummary]) {
        self.id = id
        self.subject = subject
        self.files = files
    }
}

extension CommitReport {
    func write(into writer: inout JSONWriter) {
        writer.member("id", id)
        writer.member("subject", subject)
        writer.member("changes", array: { for file in files { file.write(into: &$0) } })
    }

    init?(_ json: JSON) {
        guard let id = json["id"]?.string, let subject = json["subject"]?.string else { return nil }
        self.init(id: id, subject: subject, files: json["changes"]?.elements.compactMap(FileSummary.init) ?? [])
    }
}

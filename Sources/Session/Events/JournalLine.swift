import JSON

/// One event as it stands in a journal, with its time.
public struct JournalLine: Sendable {
    /// What happened.
    public let event: RunEvent
    /// How long after the beginning of the run it happened.
    public let time: Duration
    /// The bytes of the line, without its end: written again they keep members that this version does not know.
    public let raw: [UInt8]

    /// Reads a line without its end; nil for one that is no event, such as one that a crash has torn.
    public init?(_ raw: [UInt8]) {
        guard let json = try? JSON(raw), let event = RunEvent(json) else { return nil }
        self.event = event
        time = json["t_ms"]?.milliseconds ?? .zero
        self.raw = raw
    }

    /// The kind of event that a line begins with, found without parsing the line.
    ///
    /// Graft's own lines begin with `{"type":"…"`. Nil for unknown events and for lines that begin in another way,
    /// which Graft does not write.
    static func kind(of line: [UInt8]) -> RunEvent.Kind? {
        guard line.starts(with: start) else { return nil }
        let name = line[start.count...].prefix(longestName + 1)
        guard let end = name.firstIndex(of: UInt8(ascii: "\"")) else { return nil }
        return RunEvent.Kind(rawValue: String(decoding: name[..<end], as: UTF8.self))
    }

    private static let start = Array(#"{"type":""#.utf8)
    private static let longestName = RunEvent.Kind.allCases.map(\.rawValue.utf8.count).max() ?? 0
}

import JSON

extension RunResult {
    /// Reads what ``json()`` has written; nil for anything else.
    public init?(reading bytes: [UInt8]) {
        guard let json = try? JSON(bytes) else { return nil }
        self.init(json)
    }

    /// The result as one JSON object: what the result file holds.
    public func json() -> [UInt8] {
        var writer = JSONWriter()
        writer.object { write(into: &$0) }
        return writer.bytes + [0x0A]
    }

    /// The result as the only event of a run that did not begin.
    public func soleEvent() -> [UInt8] { RunEvent.runFinished(self).line(at: .zero) ?? [] }
}

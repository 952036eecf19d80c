import JSON
public import Responses

/// A response that the server makes in the background, and how far it has come: recorded when it has a name, and at the
/// end of each of its items.
public struct BackgroundReport: Sendable, Equatable {
    /// The turn it belongs to.
    public var turn: Int
    /// The response's id, by which it can be fetched.
    public var response: ResponseID
    /// The number of the last event that has come; nil if the server numbers none.
    public var sequence: Int?

    /// Names the parts.
    public init(turn: Int, response: ResponseID, sequence: Int?) {
        self.turn = turn
        self.response = response
        self.sequence = sequence
    }
}

extension BackgroundReport {
    func write(into writer: inout JSONWriter) {
        writer.member("turn", turn)
        writer.member("response_id", response.rawValue)
        if let sequence { writer.member("sequence_number", sequence) }
    }

    init?(_ json: JSON) {
        guard let id = json["response_id"]?.string, !id.isEmpty else { return nil }
        self.init(
            turn: json["turn"]?.int ?? 0, response: ResponseID(id), sequence: json["sequence_number"]?.int)
    }
}

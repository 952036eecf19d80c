import JSON
public import Responses
import Text

/// One response as it ended.
public struct TurnReport: Sendable, Equatable {
    /// The turn's number, from 1.
    public var turn: Int
    /// The response's id.
    public var response: ResponseID
    /// What it cost, where the server says so.
    public var usage: Usage?
    /// What that is in money, where prices are configured.
    public var cost: Cost?
    /// From the request to the response's end.
    public var duration: Duration

    /// Names the parts.
    public init(turn: Int, response: ResponseID, usage: Usage?, cost: Cost? = nil, duration: Duration) {
        self.turn = turn
        self.response = response
        self.usage = usage
        self.cost = cost
        self.duration = duration
    }
}

extension TurnReport {
    func write(into writer: inout JSONWriter) {
        writer.member("turn", turn)
        writer.member("response_id", response.rawValue)
        writer.member("duration_ms", duration.milliseconds)
        if let usage { writer.member("usage", object: { usage.write(into: &$0) }) }
        if let cost { writer.member("cost", object: { cost.write(into: &$0) }) }
    }

    init?(_ json: JSON) {
        guard let turn = json["turn"]?.int else { return nil }
        self.init(
            turn: turn, response: ResponseID(json["response_id"]?.string ?? ""),
            usage: json["usage"].map(Usage.init(journal:)), cost: json["cost"].flatMap(Cost.init(journal:)),
            duration: json["duration_ms"]?.milliseconds ?? .zero)
    }
}

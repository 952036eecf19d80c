import JSON
public import Responses

/// A try to make the history shorter came to nothing, and cost something all the same.
public struct FailedCompaction: Sendable, Equatable {
    /// The turn behind which it was tried.
    public var turn: Int
    /// How it was tried.
    public var route: CompactionReport.Route
    /// Why nothing came of it, in words.
    public var reason: String
    /// What it cost.
    public var usage: Usage
    /// What that is in money, where prices are configured.
    public var cost: Cost?

    /// Names the parts.
    public init(turn: Int, route: CompactionReport.Route, reason: String, usage: Usage, cost: Cost? = nil) {
        self.turn = turn
        self.route = route
        self.reason = reason
        self.usage = usage
        self.cost = cost
    }
}

extension FailedCompaction {
    func write(into writer: inout JSONWriter) {
        writer.member("turn", turn)
        writer.member("route", route.rawValue)
        writer.member("reason", reason)
        writer.member("usage", object: { usage.write(into: &$0) })
        if let cost { writer.member("cost", object: { cost.write(into: &$0) }) }
    }

    init?(_ json: JSON) {
        guard let route = json["route"]?.string.flatMap(CompactionReport.Route.init), let usage = json["usage"] else {
            return nil
        }
        self.init(
            turn: json["turn"]?.int ?? 0, route: route, reason: json["reason"]?.string ?? "",
            usage: Usage(journal: usage), cost: json["cost"].flatMap(Cost.init(journal:)))
    }
}

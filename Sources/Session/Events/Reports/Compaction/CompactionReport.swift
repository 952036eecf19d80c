import JSON
public import Responses
import Text

/// The history was replaced by a shorter one.
public struct CompactionReport: Sendable, Equatable {
    /// Why it was.
    public enum Reason: String, Sendable, CaseIterable {
        /// A milestone was reached, and the history was long enough for it to pay.
        case milestone
        /// The history had reached the size at which it is always compacted.
        case threshold
        /// The server refused the history as too long for the model.
        case overflow
        /// The server did it by itself, as it was asked to from a size on.
        case server
    }

    /// How it was done (Responses API, "Compaction").
    public enum Route: String, Sendable, CaseIterable {
        /// A request whose last item is `compaction_trigger`.
        case trigger
        /// `POST /responses/compact`.
        case endpoint
        /// A summary that the model wrote.
        case summary
        /// An item of a response, made from a size on (`context_management`).
        case server
    }

    /// The turn behind which it was done.
    public var turn: Int
    /// Why it was done.
    public var reason: Reason
    /// The milestone, where one was the reason.
    public var milestone: Milestone.Kind?
    /// How it was done.
    public var route: Route
    /// The size of the history before, in tokens.
    public var tokensBefore: Int
    /// The estimated size of the history after it, in tokens.
    public var tokensAfter: Int
    /// How long the run waited for it.
    public var duration: Duration
    /// What it cost, where the server says so.
    public var usage: Usage?
    /// What that is in money, where prices are configured.
    public var cost: Cost?
    /// The whole history from now on, byte for byte.
    public var items: [Item]

    /// Names the parts.
    public init(
        turn: Int, reason: Reason, milestone: Milestone.Kind? = nil, route: Route, tokensBefore: Int,
        tokensAfter: Int, duration: Duration, usage: Usage? = nil, cost: Cost? = nil, items: [Item]
    ) {
        self.turn = turn
        self.reason = reason
        self.milestone = milestone
        self.route = route
        self.tokensBefore = tokensBefore
        self.tokensAfter = tokensAfter
        self.duration = duration
        self.usage = usage
        self.cost = cost
        self.items = items
    }
}

extension CompactionReport {
    func write(into writer: inout JSONWriter) {
        writer.member("turn", turn)
        writer.member("reason", reason.rawValue)
        if let milestone { writer.member("milestone", milestone.rawValue) }
        writer.member("route", route.rawValue)
        writer.member("tokens_before", tokensBefore)
        writer.member("tokens_after", tokensAfter)
        writer.member("duration_ms", duration.milliseconds)
        if let usage { writer.member("usage", object: { usage.write(into: &$0) }) }
        if let cost { writer.member("cost", object: { cost.write(into: &$0) }) }
        writer.member("window", array: { for item in items { $0.object { item.write(into: &$0) } } })
    }

    init?(_ json: JSON) {
        guard let reason = json["reason"]?.string.flatMap(Reason.init),
            let route = json["route"]?.string.flatMap(Route.init), let window = json["window"]?.elements
        else { return nil }
        var items: [Item] = []
        for entry in window {
            // A history that lacks an item is another one.
            guard let item = Item(journal: entry) else { return nil }
            items.append(item)
        }
        self.init(
            turn: json["turn"]?.int ?? 0, reason: reason,
            milestone: json["milestone"]?.string.flatMap(Milestone.Kind.init), route: route,
            tokensBefore: json["tokens_before"]?.int ?? 0, tokensAfter: json["tokens_after"]?.int ?? 0,
            duration: json["duration_ms"]?.milliseconds ?? .zero, usage: json["usage"].map(Usage.init(journal:)),
            cost: json["cost"].flatMap(Cost.init(journal:)), items: items)
    }
}

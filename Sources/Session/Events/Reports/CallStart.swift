import JSON

/// A call of the model, before it is run.
public struct CallStart: Sendable, Equatable {
    /// The id that pairs it with its answer (`call_id`).
    public var callID: String
    /// The tool's name.
    public var name: String
    /// The turn it belongs to.
    public var turn: Int

    /// Names the call.
    public init(callID: String, name: String, turn: Int) {
        self.callID = callID
        self.name = name
        self.turn = turn
    }
}

extension CallStart {
    func write(into writer: inout JSONWriter) {
        writer.member("call_id", callID)
        writer.member("name", name)
        writer.member("turn", turn)
    }

    init?(_ json: JSON) {
        guard let callID = json["call_id"]?.string else { return nil }
        self.init(callID: callID, name: json["name"]?.string ?? "", turn: json["turn"]?.int ?? 0)
    }
}

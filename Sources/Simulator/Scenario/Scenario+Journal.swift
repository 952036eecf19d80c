import JSON
import Responses

extension Scenario {
    /// Makes a scenario from the bytes of a session's journal.
    ///
    /// Lines `{"type":"response.item","response":…,"item":{…}}` are the model's side: consecutive lines with the same
    /// response make a turn. One that was not completed, and was made again by a session that goes on, is left out.
    /// Other lines, and a torn last one, are passed over. Behind the last turn comes an error.
    ///
    /// The members and the three events are named as in `RunEvent`, which writes them (docs/events.md). A server that
    /// plays any recording knows no more of a session, so it reads these and not the events.
    public init(journal bytes: [UInt8], name: String = "journal") throws(ScenarioError) {
        var turns: [Turn] = []
        var current: String?
        // Whether the last turn may be made again.
        var isOpen = false
        let lines = bytes.split(separator: UInt8(ascii: "\n"))
        for (index, line) in lines.enumerated() {
            let record: JSON
            do {
                record = try JSON(Array(line))
            } catch {
                if index == lines.count - 1 { break }
                throw ScenarioError(place: "journal line \(index + 1)", problem: error.description)
            }
            switch record["type"]?.string {
            case "turn.started":
                if isOpen { turns.removeLast() }
                (isOpen, current) = (false, nil)
            case "turn.completed": isOpen = false
            default: break
            }
            guard record["type"]?.string == "response.item" else { continue }
            guard let item = record["item"], item["type"]?.string != nil, let response = record["response"]?.string
            else {
                throw ScenarioError(
                    place: "journal line \(index + 1)",
                    problem: "a response.item needs a response and an item with a type")
            }
            if response != current || turns.isEmpty { turns.append(Turn()) }
            current = response
            turns[turns.count - 1].items.append(item)
            isOpen = true
        }
        guard !turns.isEmpty else {
            throw ScenarioError(place: "journal", problem: "has no response.item lines, so there is nothing to play")
        }
        self.init(name: name, turns: turns)
    }
}

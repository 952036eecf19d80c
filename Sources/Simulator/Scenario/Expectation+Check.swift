import JSON
import Responses

extension Expectation {
    /// How a request differs from what was expected; nil if it does not.
    func problem(in body: JSON, _ prepared: SimulatorSession.Prepared) -> String? {
        let text = RequestText(body)
        if let missing = contains.first(where: { !text.contains($0) }) {
            return "expected the request to contain \"\(missing)\"; it does not"
        }
        if let present = excludes.first(where: { text.contains($0) }) {
            return "expected the request not to contain \"\(present)\"; it does"
        }
        if let inputTypes {
            let came = prepared.new.map { $0["type"]?.string ?? "message" }
            if came != inputTypes {
                return "expected new input items [\(inputTypes.joined(separator: ", "))]; "
                    + "came [\(came.joined(separator: ", "))]"
            }
        }
        guard let outputs else { return nil }
        let came = Self.outputsInCallOrder(prepared)
        guard came.count == outputs.count, zip(outputs, came).allSatisfy({ $0.matches($1) }) else {
            let wanted = outputs.map(\.description).joined(separator: "; ")
            let got = came.map { OutputPattern(output: $0).description }.joined(separator: "; ")
            return "expected outputs [\(wanted)]; came [\(got)]"
        }
        return nil
    }

    private static func outputsInCallOrder(_ prepared: SimulatorSession.Prepared) -> [JSON] {
        var outputs: [String: JSON] = [:]
        var unordered: [JSON] = []
        for item in prepared.new where ItemShape.callOfOutput[item["type"]?.string ?? ""] != nil {
            if let call = item["call_id"]?.string { outputs[call] = item } else { unordered.append(item) }
        }
        let ordered = prepared.context.items.compactMap { item -> JSON? in
            guard ItemShape.all[item["type"]?.string ?? ""]?.output != nil, let call = item["call_id"]?.string else {
                return nil
            }
            return outputs.removeValue(forKey: call)
        }
        return ordered + unordered
    }
}

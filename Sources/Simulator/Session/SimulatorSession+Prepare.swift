import JSON
import Responses

extension SimulatorSession {
    /// A request that cannot be answered, as a thrown error.
    struct Failure: Error {
        let error: APIError
    }

    /// Joins a request's input with what it continues, and checks both.
    mutating func prepare(_ body: JSON, from origin: Origin) -> Result<Prepared, Failure> {
        var context = RenderedContext()
        var position: Int?
        if let id = body["previous_response_id"]?.string {
            guard let parent = continuable(id, from: origin) else {
                return .failure(Failure(error: .previousResponseNotFound(id)))
            }
            context = parent.context
            position = parent.position
        }
        var input: [JSON] = []
        for (index, item) in items(of: body["input"]).enumerated() {
            let place = "input[\(index)]"
            if let error = ItemChecks.check(item, at: place, isKnown: isKnown(item)) {
                return .failure(Failure(error: error))
            }
            switch resolve(item) {
            case .success(let item): input.append(item)
            case .failure(let failure): return .failure(failure)
            }
        }
        if let index = input.dropLast().firstIndex(where: { $0["type"]?.string == "compaction_trigger" }) {
            return .failure(
                Failure(
                    error: APIError(
                        "A 'compaction_trigger' item must be the final input item.", code: "invalid_value",
                        param: "input[\(index)]")))
        }
        let history = HistoryChecks(known: known)
        let parent = context.items
        if let error = HistoryChecks.pairing(parent + input) ?? history.replay(input) {
            return .failure(Failure(error: error))
        }
        note.violations += history.violations(input, context: parent)
        for item in input { context.append(item) }
        let last = position == nil ? known.lastKnown(in: input) : nil
        let new = last.map { Array(input[($0.index + 1)...]) } ?? input
        return .success(
            Prepared(
                input: input, context: context.pruned, position: position ?? last?.entry.position ?? 0, new: new))
    }

    /// The response that a request from there may continue.
    private func continuable(_ id: String, from origin: Origin) -> StoredResponse? {
        guard let response = responses[id], response.isAnswered, response.playback.ending.status != "failed" else {
            return nil
        }
        if response.isStored { return response }
        guard case .webSocket(let connection) = origin, connections[connection]?.holds(id) == true else { return nil }
        return response
    }

    private func items(of input: JSON?) -> [JSON] {
        guard let input else { return [] }
        guard input.kind == .string else { return Array(input.elements) }
        let bytes = Array(#"{"type":"message","role":"user","content":"#.utf8) + input.raw + [UInt8(ascii: "}")]
        return [JSON.parsed(bytes)]
    }

    private func isKnown(_ item: JSON) -> Bool {
        if let id = item["id"]?.string { return known.byID(id) != nil }
        return known.isContent(item)
    }

    private func resolve(_ item: JSON) -> Result<JSON, Failure> {
        guard item["type"]?.string == "item_reference", let id = item["id"]?.string else { return .success(item) }
        if let sent = known.byID(id) { return .success(sent.item) }
        return .failure(Failure(error: APIError("Item with id '\(id)' not found.", status: 404, param: "input")))
    }
}

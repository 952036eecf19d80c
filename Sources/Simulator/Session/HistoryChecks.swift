import JSON
import Responses

/// Checks of an input against what this server sent before.
struct HistoryChecks {
    let known: KnownItems

    /// Every call has its output and every output its call, over the whole context.
    ///
    /// The message texts are the API's. An `async` call, a hosted one and one that the server ran itself may be open.
    static func pairing(_ items: [JSON]) -> APIError? {
        var open: [String: ItemShape] = [:]
        var order: [String] = []
        var answered: Set<String> = []
        var ids: Set<String> = []
        for item in items {
            let type = item["type"]?.string ?? "message"
            if let id = item["id"]?.string, type != "local_shell_call_output", !ids.insert(id).inserted {
                return APIError(
                    "Duplicate item found with id \(id). Remove duplicate items from your input and try again.",
                    code: "invalid_value", param: "input")
            }
            guard let shape = ItemShape.all[type] else { continue }
            if let call = ItemShape.callOfOutput[type] {
                guard let id = reference(of: item, type: type) else { continue }
                if open.removeValue(forKey: "\(call.type) \(id)") != nil {
                    answered.insert("\(call.type) \(id)")
                } else if answered.contains("\(call.type) \(id)") {
                    return APIError(
                        "Duplicate tool output found for \(call.title) with call_id \(id).", code: "invalid_value",
                        param: "input")
                } else {
                    return APIError("No tool call found for \(call.title) output with call_id \(id).", param: "input")
                }
            } else if shape.output != nil, isForClient(item), let id = reference(of: item, type: type) {
                open["\(type) \(id)"] = shape
                order.append("\(type) \(id)")
            }
        }
        guard let key = order.first(where: { open[$0] != nil }), let shape = open[key] else { return nil }
        let id = key.dropFirst(shape.type.count + 1)
        return APIError("No tool output found for \(shape.title) \(id).", param: "input")
    }

    private static func reference(of item: JSON, type: String) -> String? {
        switch type {
        case "local_shell_call_output", "mcp_approval_request": item["id"]?.string
        case "mcp_approval_response": item["approval_request_id"]?.string
        default: item["call_id"]?.string
        }
    }

    private static func isForClient(_ item: JSON) -> Bool {
        if item["async"]?.bool == true || item["execution"]?.string == "server" { return false }
        guard let environment = item["environment"]?["type"]?.string else { return true }
        return environment == "local"
    }

    /// What is wrong with replayed items: a changed phase, changed encrypted content, a reasoning item without the
    /// item that it produced.
    ///
    /// Phases are checked first: a message with a changed phase does not follow its reasoning either, but the phase is
    /// the client's mistake.
    func replay(_ input: [JSON]) -> APIError? {
        for (index, item) in input.enumerated() where item["type"]?.string ?? "message" == "message" {
            if let error = phase(item, at: "input[\(index)]") { return error }
        }
        for (index, item) in input.enumerated() {
            let place = "input[\(index)]"
            let error: APIError? =
                switch item["type"]?.string {
                case "reasoning": reasoning(item, at: place, next: index + 1 < input.count ? input[index + 1] : nil)
                case "compaction": compaction(item, at: place)
                default: nil
                }
            if let error { return error }
        }
        return nil
    }

    private func phase(_ item: JSON, at place: String) -> APIError? {
        guard item["role"]?.string == "assistant", let phases = known.phases(of: item) else { return nil }
        let phase = item["phase"]?.string
        guard !phases.contains(phase) else { return nil }
        let wanted = phases.compactMap(\.self).first.map { "'\($0)'" } ?? "none"
        return APIError(
            "Invalid '\(place).phase': the message was sent with phase \(wanted) and came back with "
                + "\(phase.map { "'\($0)'" } ?? "none").", code: "invalid_value", param: "\(place).phase")
    }

    private func reasoning(_ item: JSON, at place: String, next: JSON?) -> APIError? {
        let id = item["id"]?.string
        let cipher = item["encrypted_content"]?.string
        let param = "\(place).encrypted_content"
        let entry: KnownItems.Entry
        if let id, let sent = known.byID(id) {
            guard sent.item["encrypted_content"]?.string == cipher else {
                return .encryptedContent(id, param: param)
            }
            entry = sent
        } else if let cipher, let sent = known.byCipher(cipher) {
            entry = sent
        } else if cipher == nil {
            // Reasoning of open-weight models has no encrypted content and cannot be checked.
            return nil
        } else {
            return .encryptedContent(id ?? "without id", param: param)
        }
        guard let follower = entry.follower else { return nil }
        if let next, Fingerprint(next) == follower { return nil }
        // A follower that came back changed is found by its id.
        if let id = next?["id"]?.string, let sent = known.byID(id), Fingerprint(sent.item) == follower { return nil }
        return APIError(
            "Item '\(entry.item["id"]?.string ?? "")' of type 'reasoning' was provided without its required following "
                + "item.", param: "input")
    }

    private func compaction(_ item: JSON, at place: String) -> APIError? {
        guard let cipher = item["encrypted_content"]?.string, known.byCipher(cipher) != nil else {
            return .encryptedContent(item["id"]?.string ?? "without id", param: "\(place).encrypted_content")
        }
        return nil
    }

    /// What a client did that the API tolerates but that loses history, for the log.
    func violations(_ input: [JSON], context: [JSON]) -> [String] {
        var found: [String] = []
        for item in input {
            // A client may leave out the picture that was made.
            let left =
                item["type"]?.string == "image_generation_call" && item["result"]?.isNull == true ? "result" : nil
            if let id = item["id"]?.string, let sent = known.byID(id),
                Fingerprint(sent.item, without: left) != Fingerprint(item, without: left)
            {
                found.append("item \(id) came back changed")
            }
            guard item["type"]?.string == "shell_call_output", let call = item["call_id"]?.string else { continue }
            let origin = (context + input).first { $0["type"]?.string == "shell_call" && $0["call_id"]?.string == call }
            guard let limit = origin?["action"]?["max_output_length"]?.int else { continue }
            if item["max_output_length"]?.int != limit {
                found.append("shell_call_output \(call) does not repeat max_output_length \(limit)")
            }
        }
        return found
    }
}

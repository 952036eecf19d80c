import JSON
import Responses

/// Checks of single input items that need no history (section "Item types" of the protocol).
enum ItemChecks {
    private static let outputOnly = [
        "created_by", "sequence_number", "output_index", "obfuscation", "parsed", "parsed_arguments", "output_text",
    ]

    /// What is wrong with an item; `isKnown` items came from this server as they are, and only those may have a
    /// type that the API does not document.
    static func check(_ item: JSON, at place: String, isKnown: Bool) -> APIError? {
        guard item.kind == .object else { return .type(place, expected: "an object", got: item) }
        let type = item["type"]?.string ?? (item["role"] == nil ? "" : "message")
        guard let shape = ItemShape.all[type] else {
            if isKnown { return nil }
            return type.isEmpty
                ? .missing("\(place).type")
                : .value("\(place).type", type, supported: ItemShape.all.keys.sorted())
        }
        if let name = outputOnly.first(where: { item[$0] != nil }) { return .unknown("\(place).\(name)") }
        if let id = item["id"]?.string, type != "item_reference", !id.hasPrefix("\(shape.prefix)_"), !isKnown {
            return APIError(
                "Invalid '\(place).id': '\(id)'. Expected an ID that begins with '\(shape.prefix)'.",
                code: "invalid_value", param: "\(place).id")
        }
        if let call = item["call_id"], let text = call.string, !(1...64).contains(text.utf8.count) {
            return APIError(
                "Invalid '\(place).call_id': expected a string with length 1 to 64, but got length "
                    + "\(text.utf8.count) instead.", code: "string_above_max_length", param: "\(place).call_id")
        }
        return required(item, type: type, at: place)
    }

    private static func required(_ item: JSON, type: String, at place: String) -> APIError? {
        func missing(_ names: String...) -> APIError? {
            names.first { item[$0] == nil || item[$0]?.isNull == true }.map { .missing("\(place).\($0)") }
        }
        switch type {
        case "message": return message(item, at: place)
        case "reasoning": return missing("summary")
        case "function_call": return missing("call_id", "name", "arguments") ?? string(item, "arguments", at: place)
        case "custom_tool_call": return missing("call_id", "name", "input")
        case "shell_call": return missing("call_id", "action")
        case "apply_patch_call": return missing("call_id", "operation", "status")
        case "function_call_output", "custom_tool_call_output":
            return missing("call_id", "output") ?? text(item, at: place)
        case "shell_call_output": return missing("call_id", "output") ?? shellOutput(item, at: place)
        case "apply_patch_call_output":
            if let error = missing("call_id", "status") { return error }
            let status = item["status"]?.string ?? ""
            guard ["completed", "failed"].contains(status) else {
                return .value("\(place).status", status, supported: ["completed", "failed"])
            }
            return string(item, "output", at: place)
        case "compaction": return missing("encrypted_content")
        case "item_reference": return missing("id")
        case "additional_tools":
            guard item["role"]?.string == "developer" else {
                return .value("\(place).role", item["role"]?.string ?? "null", supported: ["developer"])
            }
            return ToolChecks.check(item["tools"], at: "\(place).tools")
        case "mcp_approval_response": return missing("approval_request_id", "approve")
        default: return nil
        }
    }

    private static func string(_ item: JSON, _ name: String, at place: String) -> APIError? {
        guard let value = item[name], !value.isNull, value.kind != .string else { return nil }
        return .type("\(place).\(name)", expected: "a string", got: value)
    }

    private static func message(_ item: JSON, at place: String) -> APIError? {
        let roles = ["assistant", "system", "developer", "user"]
        guard let role = item["role"]?.string else { return .missing("\(place).role") }
        guard roles.contains(role) else { return .value("\(place).role", role, supported: roles) }
        if let phase = item["phase"], !phase.isNull {
            let phases = ["commentary", "final_answer"]
            guard role == "assistant" else { return .unknown("\(place).phase") }
            guard phases.contains(phase.string ?? "") else {
                return .value("\(place).phase", phase.string ?? phase.rawText, supported: phases)
            }
        }
        guard let content = item["content"] else { return .missing("\(place).content") }
        guard content.kind != .string else { return nil }
        guard content.kind == .array else {
            return .type("\(place).content", expected: "a string or an array of parts", got: content)
        }
        let types = role == "assistant" ? ["output_text", "refusal"] : ["input_text", "input_image", "input_file"]
        return parts(content, types: types, at: "\(place).content")
    }

    private static func text(_ item: JSON, at place: String) -> APIError? {
        guard let output = item["output"], output.kind != .string else { return nil }
        guard output.kind == .array else {
            return .type("\(place).output", expected: "a string or an array of parts", got: output)
        }
        return parts(output, types: ["input_text", "input_image", "input_file"], at: "\(place).output")
    }

    private static func parts(_ parts: JSON, types: [String], at place: String) -> APIError? {
        for (index, part) in parts.elements.enumerated() {
            let type = part["type"]?.string ?? "null"
            guard types.contains(type) else { return .value("\(place)[\(index)].type", type, supported: types) }
            if type.hasSuffix("_text"), part["text"]?.string == nil { return .missing("\(place)[\(index)].text") }
            if let name = outputOnly.first(where: { part[$0] != nil }) { return .unknown("\(place)[\(index)].\(name)") }
        }
        return nil
    }

    private static func shellOutput(_ item: JSON, at place: String) -> APIError? {
        guard let output = item["output"], output.kind == .array else {
            return .type("\(place).output", expected: "an array", got: item["output"] ?? .empty)
        }
        for (index, entry) in output.elements.enumerated() {
            let at = "\(place).output[\(index)]"
            for name in ["stdout", "stderr"] where entry[name]?.string == nil { return .missing("\(at).\(name)") }
            switch entry["outcome"]?["type"]?.string {
            case "timeout": break
            case "exit" where entry["outcome"]?["exit_code"]?.int != nil: break
            case "exit": return .missing("\(at).outcome.exit_code")
            case let other: return .value("\(at).outcome.type", other ?? "null", supported: ["exit", "timeout"])
            }
            if entry["created_by"] != nil { return .unknown("\(at).created_by") }
        }
        return nil
    }
}

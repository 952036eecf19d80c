import JSON
import Responses

/// Completes an output item of a scenario with the members that its author left out.
struct ItemCompletion {
    var mint: IdentifierMint

    /// The item with id, call id, status and the members that its type requires; what was there stays, byte for byte.
    mutating func output(_ item: JSON, status: String = "completed") -> JSON {
        let type = item["type"]?.string ?? ""
        let shape = ItemShape.all[type]
        var splice = ItemSplice()
        if item["id"] == nil, let shape { add("id", mint.next(shape.prefix), to: &splice.first) }
        if shape?.output != nil, type != "mcp_approval_request", item["call_id"] == nil {
            add("call_id", mint.nextCall(), to: &splice.last)
        }
        switch type {
        case "message": message(item, &splice)
        case "reasoning": reasoning(item, &splice)
        case "compaction":
            if item["encrypted_content"] == nil { add("encrypted_content", mint.nextOpaque("cmp"), to: &splice.last) }
        case "function_call":
            if let arguments = item["arguments"], arguments.kind == .object {
                splice.replaced["arguments"] = ItemSplice.quoted(arguments.rawText)
            }
        case "code_interpreter_call":
            if item["container_id"] == nil { add("container_id", mint.next("cntr"), to: &splice.last) }
        case "shell_call":
            if item["environment"] == nil { splice.last.append(("environment", Array(#"{"type":"local"}"#.utf8))) }
        default: break
        }
        if shape?.hasStatus == true, item["status"] == nil {
            // An apply_patch call is never "incomplete".
            add("status", type == "apply_patch_call" ? "completed" : status, to: &splice.last)
        }
        return JSON.parsed(splice.bytes(of: item))
    }

    /// An input item as the API lists it: with an id, a type, a status and a list of content parts.
    mutating func listed(_ item: JSON) -> JSON {
        let type = item["type"]?.string ?? "message"
        guard type != "message" || item["role"]?.string != "assistant" else { return output(typed(item)) }
        guard let shape = ItemShape.all[type] else { return item }
        var splice = ItemSplice()
        if item["id"] == nil { add("id", mint.next(shape.prefix), to: &splice.first) }
        if item["type"] == nil { add("type", type, to: &splice.first) }
        if shape.hasStatus, item["status"] == nil { add("status", "completed", to: &splice.last) }
        if type == "message", let text = item["content"], text.kind == .string {
            splice.replaced["content"] = Array(#"[{"type":"input_text","text":"#.utf8) + text.raw + Array("}]".utf8)
        }
        return JSON.parsed(splice.bytes(of: item))
    }

    private func typed(_ item: JSON) -> JSON {
        guard item["type"] == nil else { return item }
        var splice = ItemSplice()
        add("type", "message", to: &splice.first)
        return JSON.parsed(splice.bytes(of: item))
    }

    private func message(_ item: JSON, _ splice: inout ItemSplice) {
        if item["role"] == nil { add("role", "assistant", to: &splice.last) }
        guard let content = item["content"] else { return }
        if content.kind == .string {
            splice.replaced["content"] =
                Array(#"[{"type":"output_text","text":"#.utf8) + content.raw + Array(#","annotations":[]}]"#.utf8)
            return
        }
        guard content.elements.contains(where: { $0["type"]?.string == "output_text" && $0["annotations"] == nil })
        else { return }
        var writer = JSONWriter(capacity: content.raw.count + 64)
        writer.array { writer in
            for part in content.elements {
                var inner = ItemSplice()
                if part["type"]?.string == "output_text", part["annotations"] == nil {
                    inner.last.append(("annotations", Array("[]".utf8)))
                }
                writer.raw(inner.bytes(of: part))
            }
        }
        splice.replaced["content"] = writer.bytes
    }

    private mutating func reasoning(_ item: JSON, _ splice: inout ItemSplice) {
        if item["summary"] == nil { splice.last.append(("summary", Array("[]".utf8))) }
        if item["encrypted_content"] == nil { add("encrypted_content", mint.nextOpaque("rsn"), to: &splice.last) }
    }

    private func add(_ name: String, _ value: String, to members: inout [(name: String, value: [UInt8])]) {
        members.append((name, ItemSplice.quoted(value)))
    }
}

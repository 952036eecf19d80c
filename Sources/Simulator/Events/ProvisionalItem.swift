import JSON
import Responses

/// The form an item has in `output_item.added`: in progress, and empty where deltas follow.
enum ProvisionalItem {
    static func of(_ item: JSON) -> JSON {
        var splice = ItemSplice()
        if item["status"] != nil { splice.replaced["status"] = ItemSplice.quoted("in_progress") }
        switch item["type"]?.string {
        case "message": splice.replaced["content"] = Array("[]".utf8)
        case "reasoning":
            splice.replaced["summary"] = Array("[]".utf8)
            splice.removed.insert("content")
            shorten("encrypted_content", of: item, &splice)
        case "compaction": shorten("encrypted_content", of: item, &splice)
        case "function_call": splice.replaced["arguments"] = Array(#""""#.utf8)
        case "mcp_call":
            splice.replaced["arguments"] = Array(#""""#.utf8)
            splice.removed.formUnion(["output", "error"])
        case "mcp_list_tools": splice.replaced["tools"] = Array("[]".utf8)
        case "code_interpreter_call":
            splice.replaced["code"] = Array(#""""#.utf8)
            if item["outputs"] != nil { splice.replaced["outputs"] = Array("null".utf8) }
        case "image_generation_call": splice.replaced["result"] = Array("null".utf8)
        case "custom_tool_call": splice.replaced["input"] = Array(#""""#.utf8)
        case "shell_call":
            guard let action = item["action"] else { break }
            let inner = ItemSplice(replaced: ["commands": Array("[]".utf8)])
            splice.replaced["action"] = inner.bytes(of: action)
        case "apply_patch_call":
            guard let operation = item["operation"], operation["diff"] != nil else { break }
            let inner = ItemSplice(replaced: ["diff": Array(#""""#.utf8)])
            splice.replaced["operation"] = inner.bytes(of: operation)
        default: break
        }
        return JSON.parsed(splice.bytes(of: item))
    }

    /// Encrypted content is cut here, as the API allows, so that clients must take it from `output_item.done`.
    private static func shorten(_ name: String, of item: JSON, _ splice: inout ItemSplice) {
        guard let content = item[name]?.string else { return }
        splice.replaced[name] = ItemSplice.quoted(content.prefix(content.count / 2))
    }
}

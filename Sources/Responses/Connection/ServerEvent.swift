public import JSON

/// One event of a response stream, the same over WebSocket and server-sent events.
public enum ServerEvent: Sendable {
    /// The server has accepted the request.
    case created(ResponseID)
    /// An item starts; its content is provisional. The subject is the path of a patch, the name of a tool, with that of
    /// its server where it has one.
    case itemStarted(index: Int, type: String, subject: String?, phase: Item.Phase?)
    /// More text of a message.
    case textDelta(index: Int, String)
    /// More of the summary of the model's reasoning.
    case reasoningDelta(index: Int, String)
    /// More of what a call asks for, as the server writes it: arguments, a patch, a shell line.
    case callDelta(index: Int, String)
    /// A tool of the server has come further: what it does now, as the server names it, such as `searching`.
    case hosted(index: Int, HostedType, status: String)
    /// An item is finished, with the bytes to keep.
    case itemDone(index: Int, Item)
    /// The response has ended.
    case ended(ResponseEnd)
    /// The request failed as a whole.
    case failed(ProviderError)
    /// An event of any other type.
    case other(String)

    /// Decodes one event; unknown types and members are allowed.
    ///
    /// - Throws: `JSONError` for the first byte that is not JSON.
    public init(_ bytes: [UInt8]) throws(JSONError) {
        self.init(try JSON(bytes))
    }

    /// Reads an event that is JSON already.
    public init(_ json: JSON) {
        let type = json["type"]?.string ?? ""
        let index = json["output_index"]?.int ?? 0
        switch type {
        case "response.created":
            self = .created(ResponseID(json["response"]?["id"]?.string ?? ""))
        case "response.output_item.added":
            let item = json["item"]
            self = .itemStarted(
                index: index, type: item?["type"]?.string ?? "message",
                subject: item?["operation"]?["path"]?.string ?? Self.tool(of: item),
                phase: item?["phase"]?.string.flatMap(Item.Phase.init(rawValue:)))
        case "response.output_item.done":
            guard let item = json["item"] else { fallthrough }
            self = .itemDone(index: index, Item(item))
        case "response.output_text.delta", "response.refusal.delta":
            self = .textDelta(index: index, json["delta"]?.string ?? "")
        case "response.reasoning_summary_text.delta", "response.reasoning_text.delta":
            self = .reasoningDelta(index: index, json["delta"]?.string ?? "")
        case "response.function_call_arguments.delta", "response.custom_tool_call_input.delta",
            "response.shell_call_command.delta", "response.apply_patch_call_operation_diff.delta":
            self = .callDelta(index: index, json["delta"]?.string ?? "")
        case "response.completed", "response.incomplete", "response.failed", "response.cancelled":
            self = .ended(ResponseEnd(json["response"], eventType: type))
        case "error", "response.error":
            self = .failed(ProviderError(event: json))
        default:
            guard let (tool, status) = Self.hosted(type) else {
                self = .other(type)
                return
            }
            self = .hosted(index: index, tool, status: status)
        }
    }

    private static func tool(of item: JSON?) -> String? {
        let names = [item?["server_label"]?.string, item?["name"]?.string].compactMap(\.self)
        return names.isEmpty ? nil : names.joined(separator: ".")
    }

    /// Reads the type of an event of a tool of the server, `response.TYPE.STATUS`.
    private static func hosted(_ type: String) -> (HostedType, String)? {
        let parts = type.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "response" else { return nil }
        // What such a tool is asked for streams under names of its own.
        let names = ["code_interpreter_call_code": "code_interpreter_call", "mcp_call_arguments": "mcp_call"]
        let name = names[String(parts[1])]
        guard let tool = HostedType(rawValue: name ?? String(parts[1])) else { return nil }
        return (tool, name == nil ? String(parts[2]) : "in_progress")
    }
}

public import JSON

/// One item of the conversation: its bytes, and the few members that Graft reads.
///
/// The bytes are the item. An item from the server is kept and sent back verbatim, also one of an unknown type.
public struct Item: Sendable, Equatable {
    private let content: ItemContent
    /// The `type` member, which is optional in a message.
    public let type: String
    /// The id that pairs a call with its output, under whichever name the type has it.
    public let callID: String?
    /// The estimated number of tokens, at four bytes a token; a picture counts as what models make of a usual one.
    public let tokenEstimate: Int
    /// Whether an assistant message is commentary or the final answer; nil if the model does not say.
    public let phase: Phase?
    /// The `status` member, such as `completed` or `incomplete`.
    public let status: String?

    /// What an assistant message is for (Responses API, message items).
    public enum Phase: String, Sendable {
        case commentary
        case finalAnswer = "final_answer"
    }

    /// Keeps a received item.
    public init(_ json: JSON) {
        let bytes = Array(json.raw)
        content = ItemContent(bytes)
        type = json["type"]?.string ?? "message"
        callID = json[Self.pairingMember(of: type)]?.string
        tokenEstimate = PictureBytes.tokens(in: bytes, of: type, json)
        phase = json["phase"]?.string.flatMap(Phase.init(rawValue:))
        status = json["status"]?.string
    }

    /// Parses the JSON of an item.
    ///
    /// - Throws: `JSONError` for the first byte that is not JSON.
    public init(_ raw: [UInt8]) throws(JSONError) {
        self.init(try JSON(raw))
    }

    /// Makes an item of Graft's own; `body` writes the members after `type`.
    public init(type: String, callID: String? = nil, _ body: (inout JSONWriter) -> Void) {
        var writer = JSONWriter()
        writer.object {
            $0.member("type", type)
            if let callID { $0.member(Self.pairingMember(of: type), callID) }
            body(&$0)
        }
        content = ItemContent(writer.bytes)
        self.type = type
        self.callID = callID
        tokenEstimate = PictureBytes.tokens(in: writer.bytes)
        phase = nil
        status = nil
    }

    /// The item's JSON text, byte for byte.
    public var raw: [UInt8] { content.bytes }

    /// How many bytes the item has.
    public var byteCount: Int { content.count }

    /// The parsed item; nil only where its bytes were released and cannot be read again.
    public var json: JSON? { try? JSON(raw) }

    /// Lets go of the bytes, in all copies of the item: whoever wants them again has them read.
    ///
    /// - Parameters:
    ///   - source: Where the same bytes lie for as long as there is a copy.
    ///   - offset: Where they begin there.
    public func release(to source: any ItemSource, at offset: Int) {
        content.release(to: source, at: offset)
    }

    /// Compares the bytes.
    public static func == (left: Item, right: Item) -> Bool {
        left.content === right.content || (left.byteCount == right.byteCount && left.raw == right.raw)
    }

    /// Whether Graft has to answer this item with an output.
    public var isClientCall: Bool {
        callID != nil && Self.clientCallTypes.contains(type)
    }

    /// Whether this item answers a call.
    public var isOutput: Bool { (type.hasSuffix("_output") || type == "mcp_approval_response") && callID != nil }

    /// Whether items of a type are calls that Graft's tools have to run; a question whether the server may do something
    /// is none.
    public static func isOfClientCall(_ type: String) -> Bool {
        clientCallTypes.contains(type) && type != "mcp_approval_request"
    }

    private static let clientCallTypes: Set<String> = [
        "function_call", "custom_tool_call", "shell_call", "apply_patch_call", "tool_search_call", "computer_call",
        "mcp_approval_request",
    ]

    /// The member that holds the id which pairs a call with its answer.
    private static func pairingMember(of type: String) -> String {
        switch type {
        case "mcp_approval_request": "id"
        case "mcp_approval_response": "approval_request_id"
        default: "call_id"
        }
    }
}

extension Item {
    /// The text of a message: its `output_text` and `input_text` parts and refusals, joined; nil for other items.
    public var messageText: String? {
        guard type == "message", let content = json?["content"] else { return nil }
        if let text = content.string { return text }
        return content.elements.compactMap { ($0["text"] ?? $0["refusal"])?.string }.joined(separator: "\n")
    }
}

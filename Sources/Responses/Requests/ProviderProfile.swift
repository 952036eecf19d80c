import JSON

/// The kind of server: which parts of the API it supports.
public enum ProviderProfile: String, Sendable, CaseIterable {
    /// The Responses API of OpenAI: WebSocket mode, built-in tools, encrypted reasoning.
    case openai
    /// What other servers have in common: HTTP, the whole input with each request, function tools only
    /// (Responses API, "Other servers").
    case compatible

    /// Whether the server has a WebSocket mode.
    public var hasWebSocket: Bool { self == .openai }

    /// The form in which an item is sent; nil for one that the server would not accept.
    public func replayed(_ item: Item) -> Item? {
        guard self == .compatible else { return item }
        guard ["message", "function_call", "function_call_output"].contains(item.type), let json = item.json else {
            return nil
        }
        let dropped: Set<String> = ["type", "id", "status", "phase"]
        var writer = JSONWriter(capacity: item.byteCount)
        writer.object {
            $0.member("type", item.type)
            for member in json.members where !dropped.contains(member.key) {
                $0.key(member.key)
                if member.key == "content", member.value.kind == .array {
                    Self.writeParts(member.value, into: &$0)
                } else if member.key == "output", member.value.kind == .array {
                    $0.string(Self.words(of: member.value))
                } else if member.key == "arguments", member.value.kind != .string {
                    $0.string(member.value.rawText)
                } else {
                    $0.value(member.value)
                }
            }
            if item.type == "function_call", item.callID == nil, let id = json["id"] { $0.member("call_id", id) }
        }
        return try? Item(writer.bytes)
    }

    /// The words of an answer; these servers take no pictures there.
    private static func words(of parts: JSON) -> String {
        parts.elements.map { part in
            part["text"]?.string ?? "[a picture, which this server cannot show you]"
        }.joined(separator: "\n")
    }

    /// Message parts without the annotations that only some servers accept back.
    private static func writeParts(_ parts: JSON, into writer: inout JSONWriter) {
        writer.array {
            for part in parts.elements {
                $0.object {
                    for member in part.members where !["annotations", "logprobs"].contains(member.key) {
                        $0.member(member.key, member.value)
                    }
                }
            }
        }
    }
}

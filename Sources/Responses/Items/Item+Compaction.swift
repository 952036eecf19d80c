import JSON

extension Item {
    /// The last item of a request that asks for a compaction of all that stands before it (Responses API, "Compaction").
    public static let compactionTrigger = Item(type: "compaction_trigger") { _ in }

    /// Whether the item stands for a history that a server has compacted.
    public var isCompaction: Bool { type == "compaction" }

    /// Who speaks in a message; nil for other items, and where it is not said.
    public var role: String? { type == "message" ? json?["role"]?.string : nil }

    /// Whether the item came from the model.
    public var isFromModel: Bool {
        if type == "message" { return role == "assistant" || role == nil }
        return !isOutput && !isCompaction
    }

    /// The answer to a call with the middle of each long text left out; the item itself where nothing is.
    ///
    /// - Parameter limit: The most bytes that are kept of a text; what is said about the gap comes to that.
    public func shortened(toBytes limit: Int) -> Item {
        guard isOutput, tokenEstimate > limit / 4, byteCount > limit, let json else { return self }
        var writer = JSONWriter(capacity: limit * 2)
        Self.write(json, limit, into: &writer)
        return (try? Item(writer.bytes)) ?? self
    }

    private static func write(_ json: JSON, _ limit: Int, into writer: inout JSONWriter) {
        switch json.kind {
        case .object:
            writer.object {
                for member in json.members {
                    $0.key(member.key)
                    // Half a picture is none.
                    if member.key == "image_url", let url = member.value.string, url.utf8.count > limit {
                        $0.string(ContentPart.emptyPicture)
                    } else {
                        write(member.value, limit, into: &$0)
                    }
                }
            }
        case .array: writer.array { for element in json.elements { write(element, limit, into: &$0) } }
        case .string:
            if let text = json.string, text.utf8.count > limit {
                writer.string(withoutMiddle(text, limit))
            } else {
                writer.value(json)
            }
        default: writer.value(json)
        }
    }

    private static func withoutMiddle(_ text: String, _ limit: Int) -> String {
        let bytes = Array(text.utf8)
        let (head, tail) = (bytes.prefix(limit / 2), bytes.suffix(limit - limit / 2))
        let gap = "\n[… \(bytes.count - limit) bytes left out …]\n"
        // A character that the cut goes through becomes a mark.
        return String(decoding: head, as: UTF8.self) + gap + String(decoding: tail, as: UTF8.self)
    }
}

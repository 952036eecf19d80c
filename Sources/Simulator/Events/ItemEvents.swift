import Responses

/// The events that stream one output item, from `output_item.added` to `output_item.done`.
struct ItemEvents {
    let item: JSON
    let outputIndex: Int
    /// The size of deltas in bytes; by the length of the text when nil.
    let deltaBytes: Int?

    private var itemID: String { item["id"]?.string ?? "" }

    func events(_ writer: inout EventWriter) -> [Event] {
        var events = [
            writer.event("response.output_item.added") { writer in
                writer.member("output_index", outputIndex)
                writer.member("item", ProvisionalItem.of(item))
            }
        ]
        switch item["type"]?.string {
        case "message": message(&events, &writer)
        case "reasoning": reasoning(&events, &writer)
        case "function_call":
            text("response.function_call_arguments", value: "arguments", of: item["arguments"], &events, &writer)
        case "custom_tool_call":
            text("response.custom_tool_call_input", value: "input", of: item["input"], &events, &writer)
        case "shell_call": shell(&events, &writer)
        case "compaction": events.append(writer.event("response.compaction.compacting") { position(&$0) })
        case "web_search_call", "file_search_call":
            let type = item["type"]?.string ?? ""
            for step in ["in_progress", "searching", "completed"] {
                events.append(writer.event("response.\(type).\(step)") { position(&$0) })
            }
        default: break
        }
        events.append(
            writer.event("response.output_item.done", .itemDone(outputIndex), capacity: item.raw.count + 128) {
                writer in
                writer.member("output_index", outputIndex)
                writer.member("item", item)
            })
        return events
    }

    private func position(_ writer: inout JSONWriter) {
        writer.member("item_id", itemID)
        writer.member("output_index", outputIndex)
    }

    /// Deltas of one string member and its `done` event.
    private func text(
        _ prefix: String, value name: String, of string: JSON?, _ events: inout [Event], _ writer: inout EventWriter
    ) {
        guard let string = string?.string else { return }
        for piece in TextPieces(string, size: deltaBytes) {
            events.append(
                writer.event("\(prefix).delta") { writer in
                    position(&writer)
                    writer.member("delta", piece)
                })
        }
        events.append(
            writer.event("\(prefix).done") { writer in
                position(&writer)
                writer.member(name, string)
            })
    }

    private func message(_ events: inout [Event], _ writer: inout EventWriter) {
        for (index, part) in (item["content"] ?? .empty).elements.enumerated() {
            let isRefusal = part["type"]?.string == "refusal"
            let string = part[isRefusal ? "refusal" : "text"]?.string ?? ""
            func place(_ writer: inout JSONWriter) {
                position(&writer)
                writer.member("content_index", index)
            }
            events.append(
                writer.event("response.content_part.added") { writer in
                    place(&writer)
                    writer.member(
                        "part",
                        .constant(
                            isRefusal
                                ? #"{"type":"refusal","refusal":""}"#
                                : #"{"type":"output_text","text":"","annotations":[],"logprobs":[]}"#))
                })
            let prefix = isRefusal ? "response.refusal" : "response.output_text"
            for piece in TextPieces(string, size: deltaBytes) {
                events.append(
                    writer.event("\(prefix).delta") { writer in
                        place(&writer)
                        writer.member("delta", piece)
                        if !isRefusal { writer.member("logprobs", array: { _ in }) }
                    })
            }
            for (number, annotation) in (part["annotations"] ?? .empty).elements.enumerated() {
                events.append(
                    writer.event("response.output_text.annotation.added") { writer in
                        place(&writer)
                        writer.member("annotation_index", number)
                        writer.member("annotation", annotation)
                    })
            }
            events.append(
                writer.event("\(prefix).done") { writer in
                    place(&writer)
                    writer.member(isRefusal ? "refusal" : "text", string)
                    if !isRefusal { writer.member("logprobs", array: { _ in }) }
                })
            events.append(
                writer.event("response.content_part.done") { writer in
                    place(&writer)
                    writer.member("part", part)
                })
        }
    }

    private func reasoning(_ events: inout [Event], _ writer: inout EventWriter) {
        for (index, part) in (item["summary"] ?? .empty).elements.enumerated() {
            let string = part["text"]?.string ?? ""
            func place(_ writer: inout JSONWriter) {
                position(&writer)
                writer.member("summary_index", index)
            }
            events.append(
                writer.event("response.reasoning_summary_part.added") { writer in
                    place(&writer)
                    writer.member("part", .constant(#"{"type":"summary_text","text":""}"#))
                })
            for piece in TextPieces(string, size: deltaBytes) {
                events.append(
                    writer.event("response.reasoning_summary_text.delta") { writer in
                        place(&writer)
                        writer.member("delta", piece)
                    })
            }
            events.append(
                writer.event("response.reasoning_summary_text.done") { writer in
                    place(&writer)
                    writer.member("text", string)
                })
            events.append(
                writer.event("response.reasoning_summary_part.done") { writer in
                    place(&writer)
                    writer.member("part", part)
                })
        }
        rawReasoning(&events, &writer)
    }

    /// The reasoning text that open-weight models show.
    private func rawReasoning(_ events: inout [Event], _ writer: inout EventWriter) {
        for (index, part) in (item["content"] ?? .empty).elements.enumerated() {
            let string = part["text"]?.string ?? ""
            for piece in TextPieces(string, size: deltaBytes) {
                events.append(
                    writer.event("response.reasoning_text.delta") { writer in
                        position(&writer)
                        writer.member("content_index", index)
                        writer.member("delta", piece)
                    })
            }
            events.append(
                writer.event("response.reasoning_text.done") { writer in
                    position(&writer)
                    writer.member("content_index", index)
                    writer.member("text", string)
                })
        }
    }

    /// Shell commands stream without an item id.
    private func shell(_ events: inout [Event], _ writer: inout EventWriter) {
        for (index, command) in (item["action"]?["commands"] ?? .empty).elements.enumerated() {
            let string = command.string ?? ""
            func place(_ writer: inout JSONWriter) {
                writer.member("output_index", outputIndex)
                writer.member("command_index", index)
            }
            events.append(
                writer.event("response.shell_call_command.added") { writer in
                    place(&writer)
                    writer.member("command", "")
                })
            for piece in TextPieces(string, size: deltaBytes) {
                events.append(
                    writer.event("response.shell_call_command.delta") { writer in
                        place(&writer)
                        writer.member("delta", piece)
                    })
            }
            events.append(
                writer.event("response.shell_call_command.done") { writer in
                    place(&writer)
                    writer.member("command", string)
                })
        }
    }
}

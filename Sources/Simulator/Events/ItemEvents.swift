import JSON
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
        case "web_search_call", "file_search_call": hosted("searching", &events, &writer)
        case "image_generation_call": hosted("generating", &events, &writer)
        case "code_interpreter_call":
            hosted("interpreting", &events, &writer) { events, writer in
                text("response.code_interpreter_call_code", value: "code", of: item["code"], &events, &writer)
            }
        case "mcp_call":
            hosted(nil, &events, &writer) { events, writer in
                text("response.mcp_call_arguments", value: "arguments", of: item["arguments"], &events, &writer)
            }
        case "mcp_list_tools": hosted(nil, &events, &writer)
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

    /// The steps of a tool that runs on the server.
    ///
    /// - Parameters:
    ///   - step: What it does between the beginning and the end; nil for those that tell nothing of it.
    ///   - request: Adds what it is asked for.
    private func hosted(
        _ step: String?, _ events: inout [Event], _ writer: inout EventWriter,
        request: (inout [Event], inout EventWriter) -> Void = { _, _ in }
    ) {
        let type = item["type"]?.string ?? ""
        func add(_ step: String) {
            events.append(writer.event("response.\(type).\(step)") { position(&$0) })
        }
        add("in_progress")
        request(&events, &writer)
        if let step { add(step) }
        let hasFailed = item["error"].map { !$0.isNull } ?? (item["status"]?.string == "failed")
        // The other tools have no event for a failure.
        add(hasFailed && type.hasPrefix("mcp_") ? "failed" : "completed")
    }

    private func position(_ writer: inout JSONWriter) {
        writer.member("item_id", itemID)
        writer.member("output_index", outputIndex)
    }

    /// Deltas of a text, then the event that has all of it.
    ///
    /// - Parameters:
    ///   - notes: Adds what comes between the deltas and the end.
    ///   - place: Writes the members that say where the text belongs.
    private func stream(
        _ prefix: String, _ text: String, as name: String, _ events: inout [Event], _ writer: inout EventWriter,
        hasLogprobs: Bool = false, notes: (inout [Event], inout EventWriter) -> Void = { _, _ in },
        place: (inout JSONWriter) -> Void
    ) {
        func add(_ kind: String, _ name: String, _ text: some StringProtocol) {
            events.append(
                writer.event("\(prefix).\(kind)") { writer in
                    place(&writer)
                    writer.member(name, String(text))
                    if hasLogprobs { writer.member("logprobs", array: { _ in }) }
                })
        }
        for piece in TextPieces(text, size: deltaBytes) { add("delta", "delta", piece) }
        notes(&events, &writer)
        add("done", name, text)
    }

    /// One string member of the item itself.
    private func text(
        _ prefix: String, value name: String, of string: JSON?, _ events: inout [Event], _ writer: inout EventWriter
    ) {
        guard let string = string?.string else { return }
        stream(prefix, string, as: name, &events, &writer) { position(&$0) }
    }

    private func message(_ events: inout [Event], _ writer: inout EventWriter) {
        for (index, part) in (item["content"] ?? .empty).elements.enumerated() {
            let isRefusal = part["type"]?.string == "refusal"
            let name = isRefusal ? "refusal" : "text"
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
            func annotations(_ events: inout [Event], _ writer: inout EventWriter) {
                for (number, annotation) in (part["annotations"] ?? .empty).elements.enumerated() {
                    events.append(
                        writer.event("response.output_text.annotation.added") { writer in
                            place(&writer)
                            writer.member("annotation_index", number)
                            writer.member("annotation", annotation)
                        })
                }
            }
            stream(
                prefix, part[name]?.string ?? "", as: name, &events, &writer, hasLogprobs: !isRefusal,
                notes: annotations, place: place)
            events.append(
                writer.event("response.content_part.done") { writer in
                    place(&writer)
                    writer.member("part", part)
                })
        }
    }

    private func reasoning(_ events: inout [Event], _ writer: inout EventWriter) {
        for (index, part) in (item["summary"] ?? .empty).elements.enumerated() {
            func place(_ writer: inout JSONWriter) {
                position(&writer)
                writer.member("summary_index", index)
            }
            events.append(
                writer.event("response.reasoning_summary_part.added") { writer in
                    place(&writer)
                    writer.member("part", .constant(#"{"type":"summary_text","text":""}"#))
                })
            let text = part["text"]?.string ?? ""
            stream("response.reasoning_summary_text", text, as: "text", &events, &writer, place: place)
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
            stream("response.reasoning_text", part["text"]?.string ?? "", as: "text", &events, &writer) { writer in
                position(&writer)
                writer.member("content_index", index)
            }
        }
    }

    /// Shell commands stream without an item id.
    private func shell(_ events: inout [Event], _ writer: inout EventWriter) {
        for (index, command) in (item["action"]?["commands"] ?? .empty).elements.enumerated() {
            func place(_ writer: inout JSONWriter) {
                writer.member("output_index", outputIndex)
                writer.member("command_index", index)
            }
            events.append(
                writer.event("response.shell_call_command.added") { writer in
                    place(&writer)
                    writer.member("command", "")
                })
            let text = command.string ?? ""
            stream("response.shell_call_command", text, as: "command", &events, &writer, place: place)
        }
    }
}

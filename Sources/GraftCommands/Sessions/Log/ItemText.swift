import JSON
import Responses
import Session
import Text

/// An item of a conversation in words.
struct ItemText {
    /// Who speaks, or what it is.
    let title: String
    /// What a log shows of it; untrusted text.
    let shown: String
    /// All that it says; nil for an item that says nothing, such as reasoning that is encrypted.
    let whole: String?
    /// Whether a long one loses its middle in a log.
    var isShortened = true
    /// Whether it is a diff.
    var isDiff = false

    init(_ item: Item) {
        let json = item.json
        switch item.type {
        case "message":
            let words = [item.messageText].compactMap(\.self) + item.pictureWords
            (title, whole) = (Self.speaker(item), words.isEmpty ? nil : words.joined(separator: "\n"))
            shown = whole ?? ""
            // Words are what a log is read for.
            isShortened = item.role == "developer"
        case "reasoning":
            let parts = json?["summary"]?.elements.compactMap { $0["text"]?.string } ?? []
            title = parts.isEmpty ? "reasoning, encrypted" : "reasoning"
            whole = parts.isEmpty ? nil : parts.joined(separator: "\n\n")
            shown = whole ?? ""
        case "compaction": (title, shown, whole) = ("compaction by the server, encrypted", "", nil)
        case _ where item.isClientCall:
            let call = ToolCall(item)
            title = "call of \(call?.name ?? item.type)"
            let text = call.map { Self.request($0.request) } ?? item.type
            (shown, whole) = (text, text)
            if case .patch? = call?.request { isDiff = true }
        case Item.toolsType:
            let text = json?["tools"].map(Self.names) ?? ""
            (title, shown, whole) = ("tools that came", text, text)
        case _ where item.isOutput:
            title = "answer"
            let text = Self.answer(item, json)
            (shown, whole) = (text.withoutStyling, text)
        case _ where HostedType(rawValue: item.type) != nil:
            let report = HostedReport(item)
            title = report?.line ?? item.type
            whole = report?.details
            shown = whole ?? ""
        default:
            title = "\(item.type), \(item.byteCount) bytes"
            (shown, whole) = ("", nil)
        }
    }

    private static func speaker(_ item: Item) -> String {
        switch (item.role, item.phase) {
        case ("developer", _): "rules"
        case ("user", _): "to the model"
        case (_, .commentary?): "the model, on its way"
        case (_, .finalAnswer?): "the model, its answer"
        case (_, nil): "the model"
        }
    }

    private static func request(_ request: ToolCall.Request) -> String {
        switch request {
        case .shell(let shell): shell.commands.map { "$ " + $0 }.joined(separator: "\n")
        case .patch(let patch):
            switch patch.kind {
            case .create(let diff): "create \(patch.path)\n\(diff)"
            case .update(let diff): "update \(patch.path)\n\(diff)"
            case .delete: "delete \(patch.path)"
            }
        case .function("update_plan", let arguments): Self.plan(arguments)
        case .function(_, let arguments): Self.members(arguments)
        case .custom(_, let input): input
        case .computer(let call): call.actions.map(\.description).joined(separator: "\n")
        case .search(let arguments): arguments["query"]?.string ?? arguments.rawText
        case .approval(let call): "\(call.server).\(call.name) \(call.arguments)"
        case .malformed(let reason): "a call that cannot be used: \(reason)"
        }
    }

    /// A plan as a list; a call that is none as any other.
    private static func plan(_ arguments: JSON) -> String {
        let steps = arguments["plan"]?.elements.compactMap { element in
            element["step"]?.string.map { step in
                TodoText.line(.init(step, element["status"]?.string.flatMap(TodoList.Status.init) ?? .pending))
            }
        }
        guard let steps, !steps.isEmpty else { return members(arguments) }
        return ([arguments["explanation"]?.string].compactMap(\.self) + steps).joined(separator: "\n")
    }

    private static func members(_ arguments: JSON) -> String {
        arguments.members.map { member in
            let text = member.value.string ?? member.value.rawText
            return text.contains("\n") ? "\(member.key):\n\(text)" : "\(member.key): \(text)"
        }.joined(separator: "\n")
    }

    private static func answer(_ item: Item, _ json: JSON?) -> String {
        if let tools = json?["tools"] { return names(of: tools) }
        if let isApproved = json?["approve"]?.bool {
            return (isApproved ? "approved" : "refused") + (json?["reason"]?.string.map { ": \($0)" } ?? "")
        }
        guard let output = json?["output"] else { return json?["status"]?.string ?? "" }
        if let url = output["image_url"]?.string { return Picture.word(for: url) }
        if let text = output.string {
            return json?["status"]?.string == "failed" ? "refused\n" + text : text
        }
        return output.elements.map { part in
            var lines: [String] = []
            if let outcome = part["outcome"] {
                lines.append(outcome["exit_code"]?.int.map { "exit \($0)" } ?? outcome["type"]?.string ?? "")
            }
            for name in ["stdout", "stderr", "text"] {
                guard let text = part[name]?.string, !text.isEmpty else { continue }
                lines.append(name == "stderr" ? "stderr:\n" + text : text)
            }
            if let url = part["image_url"]?.string { lines.append(Picture.word(for: url)) }
            return lines.joined(separator: "\n")
        }.joined(separator: "\n")
    }

    /// The names of tools, a line each, with those in namespaces behind theirs.
    private static func names(of tools: JSON) -> String {
        tools.elements.flatMap { tool -> [String] in
            let name = tool["name"]?.string ?? tool["type"]?.string ?? ""
            guard let inner = tool["tools"] else { return [name] }
            return inner.elements.map { "\(name).\($0["name"]?.string ?? "")" }
        }.joined(separator: "\n")
    }
}

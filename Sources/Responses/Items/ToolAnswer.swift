import JSON

/// The answer to a call.
public enum ToolAnswer: Sendable {
    /// One entry for each command of a shell call, in order.
    case shell([ShellOutcome], outputLimit: Int?)
    /// Whether a patch was applied, with a text for the model.
    case patch(isApplied: Bool, String)
    /// Text, for functions and free-form tools.
    case text(String)
    /// Texts and pictures, for functions and free-form tools.
    case content([ContentPart])
    /// The screen after the actions: a picture as a data URL, the doubts that a person has allowed, and what a picture
    /// does not say.
    case screenshot(url: String, acknowledged: [SafetyCheck], note: String? = nil)
    /// Whether the server may call a tool of an MCP server.
    case approval(isApproved: Bool, reason: String?)
    /// The tools that a search has found.
    case tools([ToolDefinition])

    /// The output item that answers the call.
    ///
    /// The item always has the shape that the call's type requires, also where the answer is of another kind, such as a
    /// text for a malformed shell call. What the shape has no room for is in `note`.
    public func item(for call: ToolCall) -> Item {
        switch call.itemType {
        case "shell_call": shellOutput(call.callID)
        case "apply_patch_call": patchOutput(call.callID)
        case "custom_tool_call": contentOutput(call.callID, type: "custom_tool_call_output")
        case "computer_call": screenOutput(call.callID)
        case "tool_search_call": toolsOutput(call.callID)
        case "mcp_approval_request": approvalResponse(call.callID)
        default: contentOutput(call.callID, type: "function_call_output")
        }
    }

    /// What the model has to be told beside an answer that holds no text; nil where the answer says all.
    public func note(for call: ToolCall) -> Item? {
        let words: String? =
            switch self {
            case .text(let text) where ["computer_call", "tool_search_call"].contains(call.itemType): text
            case .screenshot(_, _, let note): note
            default: nil
            }
        return words.map { .message(role: "developer", text: "About the call \(call.callID): \($0)") }
    }

    /// The same answer with further lines for the model, each in brackets at its end.
    public func adding(_ remarks: [String]) -> ToolAnswer {
        if remarks.isEmpty { return self }
        let lines = remarks.map { "[\($0)]\n" }.joined()
        func extended(_ text: String) -> String {
            text.isEmpty || text.hasSuffix("\n") ? text + lines : text + "\n" + lines
        }
        switch self {
        case .shell(var outcomes, let limit):
            guard var last = outcomes.popLast() else { return .text(lines) }
            last.stderr = extended(last.stderr)
            return .shell(outcomes + [last], outputLimit: limit)
        case .patch(let isApplied, let text): return .patch(isApplied: isApplied, extended(text))
        case .text(let text): return .text(extended(text))
        case .content(let parts): return .content(parts + [.text(lines)])
        case .screenshot(let url, let acknowledged, let note):
            return .screenshot(url: url, acknowledged: acknowledged, note: extended(note ?? ""))
        case .approval, .tools: return self
        }
    }

    private func shellOutput(_ callID: String) -> Item {
        var outcomes = [ShellOutcome(stderr: text, ending: .exit(127))]
        var limit: Int?
        if case .shell(let all, let outputLimit) = self { (outcomes, limit) = (all, outputLimit) }
        return Item(type: "shell_call_output", callID: callID) {
            if let limit { $0.member("max_output_length", limit) }
            $0.member("output", array: { for outcome in outcomes { outcome.write(into: &$0) } })
        }
    }

    private func patchOutput(_ callID: String) -> Item {
        var isApplied = false
        if case .patch(let applied, _) = self { isApplied = applied }
        return Item(type: "apply_patch_call_output", callID: callID) {
            $0.member("status", isApplied ? "completed" : "failed")
            $0.member("output", text)
        }
    }

    private func contentOutput(_ callID: String, type: String) -> Item {
        Item(type: type, callID: callID) {
            guard case .content(let parts) = self else { return $0.member("output", text) }
            $0.member("output", array: { for part in parts { part.write(into: &$0) } })
        }
    }

    /// The item takes nothing but a picture: where there is none, it is an empty one.
    private func screenOutput(_ callID: String) -> Item {
        var (url, checks) = (ContentPart.emptyPicture, [SafetyCheck]())
        if case .screenshot(let picture, let acknowledged, _) = self { (url, checks) = (picture, acknowledged) }
        return Item(type: "computer_call_output", callID: callID) {
            $0.member(
                "output",
                object: {
                    $0.member("type", "computer_screenshot")
                    $0.member("image_url", url)
                })
            if !checks.isEmpty {
                $0.member("acknowledged_safety_checks", array: { for check in checks { check.write(into: &$0) } })
            }
        }
    }

    private func toolsOutput(_ callID: String) -> Item {
        var definitions: [ToolDefinition] = []
        if case .tools(let found) = self { definitions = found }
        return Item(type: "tool_search_output", callID: callID) {
            $0.member("execution", "client")
            $0.member("status", "completed")
            $0.member("tools", array: { for definition in definitions { definition.write(into: &$0) } })
        }
    }

    /// Whatever is no clear yes is a no.
    private func approvalResponse(_ requestID: String) -> Item {
        var (isApproved, reason): (Bool, String?) = (false, text)
        if case .approval(let approved, let words) = self { (isApproved, reason) = (approved, words) }
        return Item(type: "mcp_approval_response", callID: requestID) {
            $0.member("approve", isApproved)
            if let reason { $0.member("reason", reason) }
        }
    }

    /// The answer as one text.
    public var text: String {
        switch self {
        case .text(let text), .patch(_, let text): text
        case .shell(let outcomes, _): outcomes.map(\.text).joined(separator: "\n")
        case .content(let parts): parts.map(\.text).joined(separator: "\n")
        case .screenshot(let url, _, _): Picture.word(for: url)
        case .approval(let isApproved, let reason):
            (isApproved ? "approved" : "refused") + (reason.map { ": \($0)" } ?? "")
        case .tools(let tools): "\(tools.count) found"
        }
    }
}

/// A part of an answer or a message.
public enum ContentPart: Sendable, Equatable {
    /// Words.
    case text(String)
    /// A picture, as a data URL.
    case image(url: String)

    /// A picture of one pixel, for where there must be one.
    public static let emptyPicture =
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5E"
        + "rkJggg=="

    /// The part in words.
    public var text: String {
        switch self {
        case .text(let text): text
        case .image(let url): Picture.word(for: url)
        }
    }

    func write(into writer: inout JSONWriter) {
        writer.object {
            switch self {
            case .text(let text):
                $0.member("type", "input_text")
                $0.member("text", text)
            case .image(let url):
                $0.member("type", "input_image")
                $0.member("image_url", url)
                $0.member("detail", "auto")
            }
        }
    }
}

extension Item {
    /// Makes a message of words and pictures.
    public static func message(role: String, parts: [ContentPart]) -> Item {
        Item(type: "message") {
            $0.member("role", role)
            $0.member("content", array: { for part in parts { part.write(into: &$0) } })
        }
    }
}

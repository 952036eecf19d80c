import JSON

/// The answer to a call.
public enum ToolAnswer: Sendable {
    /// One entry for each command of a shell call, in order.
    case shell([ShellOutcome], outputLimit: Int?)
    /// Whether a patch was applied, with a text for the model.
    case patch(isApplied: Bool, String)
    /// Text, for functions and free-form tools.
    case text(String)

    /// The output item that answers the call.
    ///
    /// The item always has the shape that the call's type requires, also where the answer is of another kind, such as a
    /// text for a malformed shell call.
    public func item(for call: ToolCall) -> Item {
        switch call.itemType {
        case "shell_call": shellOutput(call.callID)
        case "apply_patch_call": patchOutput(call.callID)
        case "custom_tool_call": textOutput(call.callID, type: "custom_tool_call_output")
        case "tool_search_call":
            Item(type: "tool_search_output", callID: call.callID) {
                $0.member("execution", "client")
                $0.member("status", "completed")
                $0.member("tools", array: { _ in })
            }
        default: textOutput(call.callID, type: "function_call_output")
        }
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

    private func textOutput(_ callID: String, type: String) -> Item {
        Item(type: type, callID: callID) { $0.member("output", text) }
    }

    /// The answer as one text.
    public var text: String {
        switch self {
        case .text(let text), .patch(_, let text): text
        case .shell(let outcomes, _): outcomes.map(\.text).joined(separator: "\n")
        }
    }
}

/// How one shell line ended, as told to the model.
public struct ShellOutcome: Sendable, Equatable {
    /// Standard output, truncated to the limit.
    public var stdout: String
    /// Standard error, truncated to the limit.
    public var stderr: String
    /// Exit status or time-out.
    public var ending: Ending

    /// How a command ended, as the API distinguishes it.
    public enum Ending: Sendable, Equatable {
        case exit(Int)
        case timeout
    }

    /// Makes an outcome.
    public init(stdout: String = "", stderr: String = "", ending: Ending) {
        self.stdout = stdout
        self.stderr = stderr
        self.ending = ending
    }

    func write(into writer: inout JSONWriter) {
        writer.object {
            $0.member("stdout", stdout)
            $0.member("stderr", stderr)
            $0.member(
                "outcome",
                object: {
                    switch ending {
                    case .exit(let code):
                        $0.member("type", "exit")
                        $0.member("exit_code", code)
                    case .timeout:
                        $0.member("type", "timeout")
                    }
                })
        }
    }

    /// The outcome as text, for servers whose shell is a function.
    var text: String {
        let end =
            switch ending {
            case .exit(let code): "exit status \(code)"
            case .timeout: "timed out"
            }
        return [end, stdout, stderr.isEmpty ? "" : "stderr:\n\(stderr)"].filter { !$0.isEmpty }.joined(separator: "\n")
    }
}

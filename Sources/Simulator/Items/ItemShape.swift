/// What the API specifies for an item type: its id prefix, and whether it is a call or an answer.
struct ItemShape {
    /// The type's name.
    let type: String
    /// What ids of this type begin with, without the underscore.
    let prefix: String
    /// What the API calls an item of this type in messages.
    let title: String
    /// For a call: the type of the item that answers it.
    var output: String?
    /// Whether a finished item carries `status`.
    var hasStatus = false
    /// Whether only the model writes it; false for items that a client may make.
    var isFromModel = false

    static let all: [String: ItemShape] = Dictionary(
        uniqueKeysWithValues: (calls + outputs + others).map { ($0.type, $0) })

    /// The call type that an output type answers.
    static let callOfOutput: [String: ItemShape] = Dictionary(
        uniqueKeysWithValues: calls.compactMap { call in call.output.map { ($0, call) } })

    private static func call(
        _ type: String, _ prefix: String, _ title: String, output: String? = nil, status: Bool = true
    ) -> ItemShape {
        ItemShape(type: type, prefix: prefix, title: title, output: output, hasStatus: status, isFromModel: true)
    }

    private static let calls = [
        call("function_call", "fc", "function call", output: "function_call_output"),
        call("custom_tool_call", "ctc", "custom tool call", output: "custom_tool_call_output", status: false),
        call("shell_call", "sh", "shell call", output: "shell_call_output"),
        call("apply_patch_call", "apc", "apply patch call", output: "apply_patch_call_output"),
        call("computer_call", "cu", "computer call", output: "computer_call_output"),
        call("tool_search_call", "tsc", "tool search call", output: "tool_search_output"),
        call("local_shell_call", "lsh", "local shell call", output: "local_shell_call_output"),
        call("mcp_approval_request", "mcpr", "MCP approval request", output: "mcp_approval_response", status: false),
        call("web_search_call", "ws", "web search call"),
        call("file_search_call", "fs", "file search call"),
        call("code_interpreter_call", "ci", "code interpreter call"),
        call("image_generation_call", "ig", "image generation call"),
        call("mcp_call", "mcp", "MCP call", status: false),
        call("mcp_list_tools", "mcpl", "MCP tool list", status: false),
    ]

    private static let outputs = [
        ItemShape(type: "function_call_output", prefix: "fco", title: "function call output", hasStatus: true),
        ItemShape(type: "custom_tool_call_output", prefix: "ctco", title: "custom tool call output", hasStatus: true),
        ItemShape(type: "shell_call_output", prefix: "sho", title: "shell call output", hasStatus: true),
        ItemShape(type: "apply_patch_call_output", prefix: "apco", title: "apply patch call output"),
        ItemShape(type: "computer_call_output", prefix: "cuo", title: "computer call output", hasStatus: true),
        ItemShape(type: "tool_search_output", prefix: "tso", title: "tool search output", hasStatus: true),
        ItemShape(type: "local_shell_call_output", prefix: "lsho", title: "local shell call output"),
        ItemShape(type: "mcp_approval_response", prefix: "mcpa", title: "MCP approval response"),
    ]

    private static let others = [
        ItemShape(type: "message", prefix: "msg", title: "message", hasStatus: true),
        ItemShape(type: "reasoning", prefix: "rs", title: "reasoning", isFromModel: true),
        ItemShape(type: "compaction", prefix: "cmp", title: "compaction", isFromModel: true),
        ItemShape(type: "compaction_trigger", prefix: "cmpt", title: "compaction trigger"),
        ItemShape(type: "additional_tools", prefix: "at", title: "additional tools"),
        ItemShape(type: "configuration_update", prefix: "cfg", title: "configuration update"),
        ItemShape(type: "item_reference", prefix: "", title: "item reference"),
        ItemShape(type: "program", prefix: "prog", title: "program", isFromModel: true),
        ItemShape(type: "program_output", prefix: "progo", title: "program output", hasStatus: true, isFromModel: true),
    ]
}

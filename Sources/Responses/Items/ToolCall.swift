public import JSON

/// A call of the model that Graft has to answer.
public struct ToolCall: Sendable {
    /// The id that the answer repeats.
    public let callID: String
    /// What is asked for.
    public let request: Request
    /// The namespace of the called function; nil for one of the top level.
    public let namespace: String?

    /// What a call asks for.
    public enum Request: Sendable {
        /// Shell lines to run one after the other.
        case shell(ShellCall)
        /// A change of one file by the built-in tool.
        case patch(PatchCall)
        /// A function, with its parsed arguments.
        case function(name: String, arguments: JSON)
        /// A free-form tool, with its text.
        case custom(name: String, input: String)
        /// Actions on a screen.
        case computer(ComputerCall)
        /// A search for tools that the client answers, with its arguments.
        case search(JSON)
        /// The server wants to call a tool of an MCP server.
        case approval(HostedCall)
        /// An invalid call, with what to tell the model.
        case malformed(String)
    }

    /// The name of the called tool; the item's type for an invalid call.
    public var name: String {
        switch request {
        case .shell: "shell"
        case .patch: "apply_patch"
        case .function(let name, _), .custom(let name, _): name
        case .computer: "computer"
        case .search: "tool_search"
        case .approval: "mcp_approval"
        case .malformed: itemType
        }
    }

    /// Whether the call is invalid.
    public var isMalformed: Bool {
        if case .malformed = request { true } else { false }
    }

    let itemType: String

    /// Makes a call of a function, as when one tool calls another.
    public init(callID: String, name: String, namespace: String?, arguments: JSON) {
        self.callID = callID
        self.namespace = namespace
        request = .function(name: name, arguments: arguments)
        itemType = "function_call"
    }

    /// Reads the call in an item; nil for an item that is not a call.
    public init?(_ item: Item) {
        guard item.isClientCall, let callID = item.callID, let json = item.json else { return nil }
        self.callID = callID
        itemType = item.type
        // A single deferred function comes in a namespace of its own name.
        namespace = json["namespace"]?.string.flatMap { $0.isEmpty || $0 == json["name"]?.string ? nil : $0 }
        if item.status == "incomplete" {
            request = .malformed("the call was cut off before it was complete; make it again")
            return
        }
        switch item.type {
        case "shell_call": request = Self.shell(json)
        case "apply_patch_call": request = Self.patch(json)
        case "function_call": request = Self.function(json)
        case "custom_tool_call":
            request = .custom(name: json["name"]?.string ?? "", input: json["input"]?.string ?? "")
        case "computer_call": request = Self.computer(json)
        case "tool_search_call": request = Self.search(json)
        case "mcp_approval_request":
            request = .approval(
                HostedCall(
                    server: json["server_label"]?.string ?? "", name: json["name"]?.string ?? "",
                    arguments: json["arguments"]?.string ?? "{}"))
        default: request = .malformed("there is no tool behind \(item.type) here")
        }
    }

    private static func shell(_ json: JSON) -> Request {
        let action = json["action"]
        let commands = action?["commands"]?.elements.compactMap(\.string) ?? []
        guard !commands.isEmpty else { return .malformed("the shell call has no commands; send at least one line") }
        return .shell(
            ShellCall(
                commands: commands, timeout: action?["timeout_ms"]?.int.map { .milliseconds($0) },
                outputLimit: action?["max_output_length"]?.int))
    }

    private static func patch(_ json: JSON) -> Request {
        let operation = json["operation"]
        guard let path = operation?["path"]?.string else { return .malformed("the operation names no path") }
        let diff = operation?["diff"]?.string
        switch (operation?["type"]?.string, diff) {
        case ("create_file", let diff?): return .patch(PatchCall(path: path, kind: .create(diff: diff)))
        case ("update_file", let diff?): return .patch(PatchCall(path: path, kind: .update(diff: diff)))
        case ("delete_file", _): return .patch(PatchCall(path: path, kind: .delete))
        case ("create_file", nil), ("update_file", nil): return .malformed("the operation on \(path) has no diff")
        case (let type, _):
            return .malformed(
                "unknown operation \(type ?? "without a type"); use create_file, update_file or delete_file")
        }
    }

    private static func computer(_ json: JSON) -> Request {
        do throws(CallError) { return .computer(try ComputerCall(json)) } catch { return .malformed(error.message) }
    }

    /// The arguments are a value, and a text of one from servers that treat it as a function.
    private static func search(_ json: JSON) -> Request {
        guard let arguments = json["arguments"] else { return .malformed("the search has no arguments") }
        guard let text = arguments.string else { return .search(arguments) }
        guard let parsed = try? JSON(text) else { return .malformed("the arguments of the search are not JSON") }
        return .search(parsed)
    }

    private static func function(_ json: JSON) -> Request {
        let name = json["name"]?.string ?? ""
        guard let arguments = json["arguments"] else { return .malformed("the call of \(name) has no arguments") }
        if arguments.kind == .object { return .function(name: name, arguments: arguments) }
        do throws(JSONError) {
            let parsed = try JSON(arguments.string ?? "")
            guard parsed.kind == .object else { return .malformed("the arguments of \(name) must be a JSON object") }
            return .function(name: name, arguments: parsed)
        } catch {
            return .malformed("the arguments of \(name) are \(error); send one JSON object")
        }
    }
}

/// A request to run shell lines.
public struct ShellCall: Sendable, Equatable {
    /// The lines; each runs in a new shell.
    public var commands: [String]
    /// The time limit of each; nil for the default.
    public var timeout: Duration?
    /// The most characters of output that the model wants, both streams together.
    public var outputLimit: Int?

    /// Makes a call of lines with their limits.
    public init(commands: [String], timeout: Duration? = nil, outputLimit: Int? = nil) {
        self.commands = commands
        self.timeout = timeout
        self.outputLimit = outputLimit
    }
}

/// A request to change one file.
public struct PatchCall: Sendable, Equatable {
    /// The path as the model wrote it, unchecked.
    public var path: String
    /// The operation.
    public var kind: Kind

    /// The three operations of the built-in tool.
    public enum Kind: Sendable, Equatable {
        case create(diff: String)
        case update(diff: String)
        case delete
    }
}

/// A call of a tool that the server makes once it is allowed.
public struct HostedCall: Sendable, Equatable {
    /// The label of the MCP server.
    public var server: String
    /// The tool.
    public var name: String
    /// The arguments as JSON: untrusted text.
    public var arguments: String
}

import JSON
import Responses

/// Checks of the tools array (section "Tool definitions" of the protocol).
enum ToolChecks {
    private static let types: Set<String> = [
        "function", "custom", "shell", "apply_patch", "local_shell", "tool_search", "namespace", "mcp", "web_search",
        "web_search_2025_08_26", "web_search_preview", "web_search_preview_2025_03_11", "file_search",
        "code_interpreter", "image_generation", "computer", "computer_use_preview", "programmatic_tool_calling",
    ]

    static func check(_ tools: JSON?, at place: String = "tools") -> APIError? {
        guard let tools, !tools.isNull else { return nil }
        var names: Set<String> = []
        for (index, tool) in tools.elements.enumerated() {
            let at = "\(place)[\(index)]"
            guard tool.kind == .object else { return .type(at, expected: "an object", got: tool) }
            guard let type = tool["type"]?.string else { return .missing("\(at).type") }
            guard types.contains(type) else { return .value("\(at).type", type, supported: types.sorted()) }
            if let error = check(tool, type: type, at: at) { return error }
            guard ["function", "custom", "namespace"].contains(type), let name = tool["name"]?.string else { continue }
            guard names.insert(name).inserted else {
                return APIError("Duplicate tool name '\(name)'.", code: "invalid_value", param: "\(at).name")
            }
        }
        return nil
    }

    private static func check(_ tool: JSON, type: String, at place: String) -> APIError? {
        switch type {
        case "function":
            if tool["function"] != nil { return .unknown("\(place).function") }
            return name(tool, at: place) ?? schema(tool, at: place)
        case "custom": return name(tool, at: place)
        case "namespace":
            if tool["description"]?.string == nil { return .missing("\(place).description") }
            return name(tool, at: place) ?? check(tool["tools"], at: "\(place).tools")
        case "shell":
            guard let environment = tool["environment"], !environment.isNull else { return nil }
            let supported = ["local", "container_auto", "container_reference"]
            guard let kind = environment["type"]?.string else { return .missing("\(place).environment.type") }
            return supported.contains(kind) ? nil : .value("\(place).environment.type", kind, supported: supported)
        case "file_search":
            let stores = tool["vector_store_ids"]?.elements.contains { $0.string?.isEmpty == false } ?? false
            return stores ? nil : .missing("\(place).vector_store_ids")
        case "code_interpreter": return tool["container"] == nil ? .missing("\(place).container") : nil
        case "mcp": return server(tool, at: place)
        default: return nil
        }
    }

    /// An MCP server has a label and is in one place.
    private static func server(_ tool: JSON, at place: String) -> APIError? {
        guard let label = tool["server_label"]?.string, !label.isEmpty else { return .missing("\(place).server_label") }
        let places = ["server_url", "connector_id", "tunnel_id"].filter { tool[$0] != nil }
        guard places.count == 1 else {
            return APIError(
                "Exactly one of 'server_url', 'connector_id' and 'tunnel_id' must be given.", code: "invalid_value",
                param: "\(place).server_url")
        }
        return nil
    }

    private static func name(_ tool: JSON, at place: String) -> APIError? {
        guard let name = tool["name"]?.string else { return .missing("\(place).name") }
        let isValid =
            (1...128).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
        guard !isValid else { return nil }
        return APIError(
            "Invalid '\(place).name': string does not match pattern. Expected a string that matches the pattern "
                + "'^[a-zA-Z0-9_-]+$'.", code: "invalid_value", param: "\(place).name")
    }

    private static func schema(_ tool: JSON, at place: String) -> APIError? {
        guard let parameters = tool["parameters"], !parameters.isNull else { return nil }
        guard parameters.kind == .object else {
            return .type("\(place).parameters", expected: "an object", got: parameters)
        }
        let name = tool["name"]?.string ?? ""
        func invalid(_ problem: String) -> APIError {
            APIError(
                "Invalid schema for function '\(name)': \(problem)", code: "invalid_function_parameters",
                param: "\(place).parameters")
        }
        guard parameters["type"]?.string == "object" else {
            let kind = parameters["type"]?.string ?? "None"
            return invalid("schema must be a JSON Schema of 'type: \"object\"', got 'type: \"\(kind)\"'.")
        }
        guard tool["strict"]?.bool == true else { return nil }
        return strictProblem(parameters, path: []).map(invalid)
    }

    /// What a schema has that strict mode does not take, as the API says it.
    private static func strictProblem(_ schema: JSON, path: [String]) -> String? {
        let context = "In context=(\(path.map { "'\($0)'" }.joined(separator: ", "))), "
        for banned in [
            "allOf", "not", "dependentRequired", "dependentSchemas", "if", "then", "else", "patternProperties",
        ]
        where schema[banned] != nil {
            return "\(context)'\(banned)' is not permitted."
        }
        if let properties = schema["properties"] {
            guard schema["additionalProperties"]?.bool == false else {
                return "\(context)'additionalProperties' is required to be supplied and to be false."
            }
            let required = Set((schema["required"] ?? .empty).elements.compactMap(\.string))
            for property in properties.members {
                guard required.contains(property.key) else {
                    return "\(context)'required' is required to be supplied and to be an array including every key in "
                        + "properties. Missing '\(property.key)'."
                }
                let path = path + ["properties", property.key]
                if let problem = strictProblem(property.value, path: path) { return problem }
            }
        }
        if let items = schema["items"], let problem = strictProblem(items, path: path + ["items"]) { return problem }
        for (index, option) in (schema["anyOf"] ?? .empty).elements.enumerated() {
            if let problem = strictProblem(option, path: path + ["anyOf", "\(index)"]) { return problem }
        }
        return nil
    }
}

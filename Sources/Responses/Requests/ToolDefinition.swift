import JSON

/// The definition of a tool in a request.
public enum ToolDefinition: Sendable {
    /// The built-in shell with commands that the client runs.
    case localShell
    /// The built-in structured patch.
    case applyPatch
    /// A function; `parameters` is a JSON schema.
    case function(name: String, description: String, parameters: String, isStrict: Bool)

    /// Writes the definition; the bytes are the same every time, so that the prompt cache holds.
    func write(into writer: inout JSONWriter) {
        writer.object {
            switch self {
            case .localShell:
                $0.member("type", "shell")
                $0.member("environment", object: { $0.member("type", "local") })
            case .applyPatch:
                $0.member("type", "apply_patch")
            case .function(let name, let description, let parameters, let isStrict):
                $0.member("type", "function")
                $0.member("name", name)
                $0.member("description", description)
                $0.member("strict", isStrict)
                $0.key("parameters")
                $0.raw(parameters.utf8)
            }
        }
    }
}

import JSON

/// An MCP server whose tools the Responses server calls.
public struct HostedServer: Sendable, Equatable {
    /// Where the server is.
    public enum Address: Sendable, Hashable {
        /// A URL.
        case url(String)
        /// A service that the Responses server knows, by its id.
        case connector(String)
        /// A tunnel that was made before, by its id.
        case tunnel(String)
    }

    /// For which tools the Responses server asks before it calls them.
    public enum Asking: Sendable, Equatable {
        case always
        case never
        /// For these always, and for those never; for the others, as it does by itself.
        case perTool(always: [String], never: [String])
    }

    /// The name of the server in calls: letters, digits, `_` and `-`.
    public var label: String
    /// Where the server is.
    public var address: Address
    /// What it is for, for the model.
    public var description: String?
    /// The token that the MCP server gets: a secret.
    public var authorization: String?
    /// Further headers that the MCP server gets, with secret values, sorted by their names.
    public var headers: [(name: String, value: String)] = []
    /// The only tools that may be called; nil for all.
    public var allowedTools: [String]?
    /// When the Responses server asks; nil to leave it to it, which is always.
    public var asking: Asking?

    /// Names a server.
    public init(label: String, address: Address) {
        self.label = label
        self.address = address
    }

    /// Compares all that is sent.
    public static func == (left: HostedServer, right: HostedServer) -> Bool {
        HostedTool.mcp(left).definition == HostedTool.mcp(right).definition
    }

    /// The token and the values of the headers.
    public var secrets: [String] { headers.map(\.value) + [authorization].compactMap(\.self) }

    func write(into writer: inout JSONWriter) {
        writer.member("server_label", label)
        switch address {
        case .url(let url): writer.member("server_url", url)
        case .connector(let id): writer.member("connector_id", id)
        case .tunnel(let id): writer.member("tunnel_id", id)
        }
        if let description { writer.member("server_description", description) }
        if let authorization { writer.member("authorization", authorization) }
        if !headers.isEmpty {
            writer.member("headers", object: { for header in headers { $0.member(header.name, header.value) } })
        }
        if let allowedTools { writer.member("allowed_tools", strings: allowedTools) }
        switch asking {
        case .always: writer.member("require_approval", "always")
        case .never: writer.member("require_approval", "never")
        case .perTool(let always, let never):
            writer.member(
                "require_approval",
                object: {
                    for (key, names) in [("always", always), ("never", never)] where !names.isEmpty {
                        $0.member(key, object: { $0.member("tool_names", strings: names) })
                    }
                })
        case nil: break
        }
    }
}

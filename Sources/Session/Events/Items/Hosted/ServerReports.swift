import JSON

/// A call of a tool of an MCP server that the model's server made.
public struct ServerCallReport: Sendable, Equatable {
    /// The server's label.
    public var server: String
    /// The tool.
    public var tool: String
    /// The arguments as JSON.
    public var arguments: String
    /// What it answered.
    public var output: String?
    /// Why it failed.
    public var error: String?

    /// Names the parts.
    public init(server: String, tool: String, arguments: String, output: String? = nil, error: String? = nil) {
        self.server = server
        self.tool = tool
        self.arguments = arguments
        self.output = output
        self.error = error
    }

    init(item: JSON) {
        self.init(
            server: item["server_label"]?.string ?? "", tool: item["name"]?.string ?? "",
            arguments: item["arguments"]?.string?.boundedForEvent ?? "",
            output: item["output"]?.string?.boundedForEvent,
            error: item["error"].flatMap(Self.words(of:))?.boundedForEvent)
    }

    /// An error is a text, or an object with a message, or with parts of content.
    private static func words(of error: JSON) -> String? {
        if error.isNull { return nil }
        if let text = error.string ?? error["message"]?.string { return text }
        let parts =
            error["content"].map { $0.kind == .array ? $0.elements.compactMap { $0["text"]?.string } : [] } ?? []
        return parts.isEmpty ? error.rawText : parts.joined(separator: "\n")
    }

    func write(into writer: inout JSONWriter) {
        writer.member("server", server)
        writer.member("tool", tool)
        writer.member("arguments", arguments)
        if let output { writer.member("output", output) }
        if let error { writer.member("error", error) }
    }

    init(journal json: JSON) {
        self.init(
            server: json["server"]?.string ?? "", tool: json["tool"]?.string ?? "",
            arguments: json["arguments"]?.string ?? "", output: json["output"]?.string, error: json["error"]?.string)
    }
}

/// The tools of an MCP server, which the model's server has asked for.
public struct ServerToolsReport: Sendable, Equatable {
    /// The server's label.
    public var server: String
    /// The names of its tools.
    public var tools: [String]
    /// Why there are none.
    public var error: String?

    /// Names the parts.
    public init(server: String, tools: [String], error: String? = nil) {
        self.server = server
        self.tools = tools
        self.error = error
    }

    init(item: JSON) {
        let tools = item["tools"].map { $0.kind == .array ? Array($0.elements) : [] } ?? []
        self.init(
            server: item["server_label"]?.string ?? "",
            tools: tools.compactMap { $0["name"]?.string }.prefix(HostedReport.listLimit).map(\.boundedForEvent),
            error: item["error"]?.string?.boundedForEvent)
    }

    func write(into writer: inout JSONWriter) {
        writer.member("server", server)
        writer.member("tools", array: { for tool in tools { $0.string(tool) } })
        if let error { writer.member("error", error) }
    }

    init(journal json: JSON) {
        self.init(
            server: json["server"]?.string ?? "", tools: json["tools"]?.boundedStrings ?? [],
            error: json["error"]?.string)
    }
}

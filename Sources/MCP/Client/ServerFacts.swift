import JSON

/// What a server says of itself when it begins.
public struct ServerFacts: Sendable {
    /// Its name and version, as it gives them.
    public let title: String
    /// The revision of the protocol that is spoken.
    public let revision: String
    /// What it says on how to use it; its own words.
    public let instructions: String?
    let hasTools: Bool
    let hasResources: Bool
    let tellsOfNewTools: Bool

    /// Reads the answer to `initialize` or `server/discover`.
    init(_ result: JSON, _ era: MCPEra) {
        let info = result["serverInfo"] ?? result["_meta"]?["io.modelcontextprotocol/serverInfo"]
        title = [info?["title"]?.string ?? info?["name"]?.string, info?["version"]?.string].compactMap { $0 }
            .filter { !$0.isEmpty }.joined(separator: " ").bounded(80)
        revision = era.revision
        instructions = result["instructions"]?.string?.bounded(2000)
        let capabilities = result["capabilities"]
        hasTools = capabilities?["tools"] != nil
        hasResources = capabilities?["resources"] != nil
        tellsOfNewTools = capabilities?["tools"]?["listChanged"]?.bool == true
    }
}

import Configuration
import JSON
import Text

/// A tool as a server offers it.
struct OfferedTool: Sendable, Equatable {
    /// The name that the server knows.
    let name: String
    /// Its description, cut; the server's words.
    let description: String
    /// The schema of its arguments as JSON.
    let parameters: String
    /// The header that an argument becomes, by argument.
    let headers: [String: String]
}

/// What a server has to offer, within limits, and what to tell of it.
struct ToolOffer: Sendable {
    /// The tools that the model gets, in the server's order.
    var tools: [OfferedTool] = []
    /// What a person should know, each to be read behind the server's name.
    var notices: [String] = []

    /// The most tools of one server.
    static let toolLimit = 500
    /// The most bytes of their definitions together.
    static let byteLimit = 1 << 20
    static let descriptionLimit = 1500
    private static let pageLimit = 200

    /// Asks a server for all pages.
    static func ask(_ client: MCPClient) async throws(MCPError) -> ToolOffer {
        var (offer, taken) = (ToolOffer(), Set<String>())
        var (cursor, byteCount, leftOut, replaced) = (String?.none, 0, 0, [String]())
        for _ in 0..<pageLimit {
            let page = try await client.list("tools/list", cursor: cursor)
            guard let tools = page["tools"], tools.kind == .array else {
                throw MCPError(.invalid, "its list of tools is none")
            }
            for tool in tools.elements {
                guard let name = tool["name"]?.string, !name.isEmpty, name.utf8.count <= 200 else {
                    leftOut += 1
                    continue
                }
                guard client.server.offers(name) else { continue }
                let schema = ToolSchema(tool["inputSchema"])
                let description = (tool["description"]?.string ?? tool["title"]?.string ?? "").bounded(descriptionLimit)
                byteCount += name.utf8.count + description.utf8.count + schema.json.utf8.count
                guard offer.tools.count < toolLimit, byteCount <= byteLimit, taken.insert(name).inserted else {
                    leftOut += 1
                    continue
                }
                if schema.isReplaced { replaced.append(name) }
                offer.tools.append(
                    OfferedTool(
                        name: name, description: description, parameters: schema.json, headers: schema.headers))
            }
            // An empty text is a cursor, too.
            guard let next = page["nextCursor"]?.string, next != cursor else { break }
            cursor = next
        }
        if leftOut > 0 {
            offer.notices.append(
                "offers \(leftOut + offer.tools.count) tools, of which \(leftOut) are left out: too many, too large, "
                    + "without a name or named twice; enabled_tools chooses others")
        }
        if !replaced.isEmpty {
            let named = replaced.prefix(3).map { $0.bounded(60).quotedLine }.joined(separator: ", ")
            offer.notices.append(
                "gives no usable JSON schema for \(named)\(replaced.count > 3 ? " and \(replaced.count - 3) more" : ""): "
                    + "any arguments are passed on")
        }
        offer.noteMissing(client.server)
        return offer
    }

    private mutating func noteMissing(_ server: MCPServer) {
        let missing = (server.enabledTools ?? []).filter { name in
            !server.disabledTools.contains(name) && !tools.contains { $0.name == name }
        }
        guard !missing.isEmpty else { return }
        notices.append(
            "does not offer what enabled_tools names: \(missing.prefix(5).map(\.quotedLine).joined(separator: ", "))")
    }
}

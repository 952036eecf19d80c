import Responses
import Sandbox
import TOML

extension RemoteServer {
    private enum Key: String, CaseIterable {
        case enabled, description, approve, deny
        case url = "server_url"
        case connector = "connector_id"
        case tunnel = "tunnel_id"
        case authorization = "bearer_token_env_var"
        case headers = "env_headers"
        case allowedTools = "allowed_tools"
        case asking = "require_approval"
    }

    private enum AskingKey: String, CaseIterable { case always, never }

    /// Reads one `[tools.mcp.LABEL]`.
    ///
    /// - Throws: For the first key that is unknown or has an invalid value, and for a server in two places.
    static func read(_ section: TOMLSection) throws(TOMLError) -> (RemoteServer, isOn: Bool) {
        var (server, isOn, addresses) = (RemoteServer(), false, 0)
        for field in section.fields {
            switch try field.key() as Key {
            case .enabled: isOn = try field.flag()
            case .description: server.description = try field.string()
            case .approve: server.approved = try names(field)
            case .deny: server.denied = try names(field)
            case .url, .connector, .tunnel:
                server.address = try address(field)
                addresses += 1
            case .authorization: server.authorization = try field.variable()
            case .headers:
                for header in try field.section().fields { server.headers[header.key] = try header.variable() }
            case .allowedTools: server.allowedTools = try field.list("names of tools") { $0.isEmpty ? nil : $0 }
            case .asking: server.asking = try asking(field)
            }
        }
        guard addresses < 2 else { throw section.error("must be in one place: server_url, connector_id or tunnel_id") }
        return (server, isOn)
    }

    private static func address(_ field: TOMLField) throws(TOMLError) -> HostedServer.Address {
        let text = try field.string()
        let address: HostedServer.Address
        do throws(ConfigurationError) { address = try HostedServer.Address(spelled: text) } catch {
            throw field.mismatch("another address: \(error)")
        }
        switch (Key(rawValue: field.key), address) {
        case (.url, .url), (.connector, .connector), (.tunnel, .tunnel): return address
        case (.url, _): throw field.mismatch("an address such as \"https://example.org/mcp\"")
        case (.connector, _): throw field.mismatch("one of \(HostedServer.connectors.joined(separator: ", "))")
        default: throw field.mismatch("the id of a tunnel such as \"tunnel_abc\"")
        }
    }

    private static func names(_ field: TOMLField) throws(TOMLError) -> ToolNames {
        if field.value.string == "all" { return .all }
        guard field.value.array != nil else { throw field.mismatch("\"all\", or a list of names of tools") }
        return .some(Set(try field.list("names of tools") { $0.isEmpty ? nil : $0 }))
    }

    private static func asking(_ field: TOMLField) throws(TOMLError) -> HostedServer.Asking {
        switch field.value.string {
        case "always": return .always
        case "never": return .never
        default: break
        }
        guard field.value.table != nil else {
            throw field.mismatch("\"always\", \"never\", or a table of both with lists of names of tools")
        }
        var names: [AskingKey: [String]] = [:]
        for field in try field.section().fields {
            names[try field.key()] = try field.list("names of tools") { $0.isEmpty ? nil : $0 }
        }
        return .perTool(always: names[.always] ?? [], never: names[.never] ?? [])
    }
}

extension TOMLField {
    /// The name of an environment variable; a secret itself must not stand in a file.
    fileprivate func variable() throws(TOMLError) -> String {
        try text("the name of an environment variable such as \"DOCS_TOKEN\", not the secret itself") { name in
            let isName =
                !name.isEmpty && name.utf8.count <= 128
                && name.utf8.allSatisfy { HostedServer.isLetter($0) && $0 != UInt8(ascii: "-") }
            return isName && name != "OPENAI_API_KEY"
                && !(UInt8(ascii: "0")...UInt8(ascii: "9") ~= name.utf8.first ?? 0)
                ? name : nil
        }
    }
}

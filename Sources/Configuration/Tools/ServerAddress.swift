import Responses
import Sandbox
import Text

extension HostedServer {
    /// The services that the Responses server knows.
    static let connectors = [
        "connector_dropbox", "connector_gmail", "connector_googlecalendar", "connector_googledrive",
        "connector_microsoftteams", "connector_outlookcalendar", "connector_outlookemail", "connector_sharepoint",
    ]

    /// Whether a text can be the label of a server.
    static func isLabel(_ text: String) -> Bool {
        let first = text.utf8.first.map { $0 | 0x20 } ?? 0
        return UInt8(ascii: "a")...UInt8(ascii: "z") ~= first && text.utf8.count <= 64
            && text.utf8.allSatisfy(isLetter)
    }

    static func isLetter(_ byte: UInt8) -> Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
            || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }
}

extension HostedServer.Address {
    /// Reads a URL, or the id of a connector or a tunnel.
    ///
    /// - Throws: `.value` for anything else, and for a URL with a secret in it: it would stand in every journal.
    init(spelled text: String) throws(ConfigurationError) {
        if text.hasPrefix("connector_") {
            guard HostedServer.connectors.contains(text) else {
                let meant = NearName.of(text, in: HostedServer.connectors).map { "; did you mean \($0)?" } ?? ""
                throw ConfigurationError(
                    .value,
                    "there is no connector \(String(text.prefix(60)).quoted)\(meant); there are "
                        + HostedServer.connectors.joined(separator: ", "))
            }
            self = .connector(text)
        } else if text.hasPrefix("tunnel_"), ToolChoice.isIdentifier(text) {
            self = .tunnel(text)
        } else {
            try Self.check(text)
            self = .url(text)
        }
    }

    /// The address as it is written.
    var text: String {
        switch self {
        case .url(let text), .connector(let text), .tunnel(let text): text
        }
    }

    /// A label for a server that has been given none.
    var label: String {
        switch self {
        case .connector(let id): String(id.dropFirst("connector_".count))
        case .tunnel(let id): id
        case .url(let url):
            Self.label(of: Self.authority(of: url).split(separator: ":").first.map(String.init) ?? "")
        }
    }

    private static func label(of host: String) -> String {
        let letters = host.utf8.map { HostedServer.isLetter($0) ? $0 : UInt8(ascii: "_") }
        let label = String(decoding: letters.prefix(60), as: UTF8.self)
        return HostedServer.isLabel(label) ? label : "mcp_" + label
    }

    private static func authority(of url: String) -> Substring {
        let rest = url.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false).last ?? ""
        return rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    }

    private static func check(_ url: String) throws(ConfigurationError) {
        let shown = String(url.prefix(120)).quoted
        guard url.hasPrefix("https://") || url.hasPrefix("http://"), !authority(of: url).isEmpty,
            url.utf8.count <= 2048, url.utf8.allSatisfy({ 0x21...0x7E ~= $0 && $0 != UInt8(ascii: "\"") })
        else {
            throw ConfigurationError(
                .value, "\(shown) is no address of an MCP server; write https://HOST/PATH, or the id of a connector")
        }
        let query = url.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
        let names = query.split(separator: "&").map { $0.prefix { $0 != "=" } }
        guard !authority(of: url).contains("@"), !names.contains(where: { SandboxEnvironment.looksSecret(String($0)) })
        else {
            throw ConfigurationError(
                .value,
                "the address of the MCP server at \(authority(of: url).split(separator: "@").last ?? "") has a secret in it",
                nextStep: "put it into an environment variable, and name that in [tools.mcp.LABEL]")
        }
    }
}

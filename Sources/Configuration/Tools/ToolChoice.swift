public import Responses
import Sandbox
import Text

/// A tool beyond the usual ones that a person has turned on, as `--tool` spells it.
public enum ToolChoice: Sendable, Hashable, CustomStringConvertible {
    case webSearch
    /// With the stores to search; none for those of the configuration.
    case fileSearch([String])
    case codeInterpreter
    case imageGeneration
    /// An MCP server that the Responses server calls, by its label; without an address it is one of the configuration.
    case mcp(label: String, HostedServer.Address?)
    /// A browser on this machine.
    case computer

    /// The names of the tools.
    enum Name: String, CaseIterable {
        case webSearch = "web_search"
        case fileSearch = "file_search"
        case codeInterpreter = "code_interpreter"
        case imageGeneration = "image_generation"
        case mcp, computer
    }

    /// The forms in which tools are chosen, for messages.
    public static let forms =
        "web_search, file_search=STORE[,STORE], code_interpreter, image_generation, mcp=[LABEL=]URL and computer"

    /// Reads a tool as `description` writes it.
    ///
    /// - Throws: `.value` for what is no tool, or lacks what the tool needs.
    public init(spelled text: String) throws(ConfigurationError) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let name = Name(rawValue: parts[0]) else {
            let meant = NearName.of(parts[0], in: Name.allCases.map(\.rawValue)).map { "; did you mean \($0)?" }
            throw ConfigurationError(
                .value, "there is no tool \(String(parts[0].prefix(60)).quoted)\(meant ?? ""); there are \(Self.forms)")
        }
        let value = parts.dropFirst().first
        switch (name, value) {
        case (.webSearch, nil): self = .webSearch
        case (.codeInterpreter, nil): self = .codeInterpreter
        case (.imageGeneration, nil): self = .imageGeneration
        case (.computer, nil): self = .computer
        case (.fileSearch, nil): self = .fileSearch([])
        case (.fileSearch, let ids?): self = .fileSearch(try Self.stores(ids))
        case (.mcp, let server?): self = try Self.mcp(server)
        case (.mcp, nil):
            throw ConfigurationError(
                .value,
                "the tool mcp needs a server, as in mcp=https://example.org/mcp or mcp=docs=https://example.org/mcp")
        case (_, .some):
            throw ConfigurationError(
                .value, "the tool \(name.rawValue) takes no value; its parameters are in [tools.\(name.rawValue)]")
        }
    }

    /// The tool as `--tool` takes it.
    public var description: String {
        switch self {
        case .webSearch: Name.webSearch.rawValue
        case .fileSearch(let stores):
            Name.fileSearch.rawValue + (stores.isEmpty ? "" : "=" + stores.joined(separator: ","))
        case .codeInterpreter: Name.codeInterpreter.rawValue
        case .imageGeneration: Name.imageGeneration.rawValue
        case .mcp(let label, let address): "mcp=" + label + (address.map { "=\($0.text)" } ?? "")
        case .computer: Name.computer.rawValue
        }
    }

    /// Whether the tool runs on the server.
    var isHosted: Bool { self != .computer }

    /// Whether one choice takes the place of another: a tool is there once, a server once for each label.
    func replaces(_ other: ToolChoice) -> Bool {
        switch (self, other) {
        case (.fileSearch, .fileSearch): true
        case (.mcp(let label, _), .mcp(let known, _)): label == known
        default: self == other
        }
    }

    private static func stores(_ text: String) throws(ConfigurationError) -> [String] {
        let ids = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard ids.allSatisfy(isIdentifier) else {
            throw ConfigurationError(
                .value, "file_search takes ids of vector stores, as in file_search=vs_abc,vs_def")
        }
        return ids
    }

    private static func mcp(_ text: String) throws(ConfigurationError) -> ToolChoice {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        if parts.count == 2, HostedServer.isLabel(parts[0]) {
            return .mcp(label: parts[0], try HostedServer.Address(spelled: parts[1]))
        }
        if HostedServer.isLabel(text), !text.hasPrefix("connector_"), !text.hasPrefix("tunnel_") {
            return .mcp(label: text, nil)
        }
        let address = try HostedServer.Address(spelled: text)
        return .mcp(label: address.label, address)
    }

    /// Whether a text can be an id of the server's.
    static func isIdentifier(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 128 && text.utf8.allSatisfy { HostedServer.isLetter($0) || $0 == 0x2E }
    }
}

import JSON

/// Which kind of the protocol a server speaks.
enum MCPEra: Sendable, Equatable {
    /// With a handshake and sessions, in this revision.
    case legacy(revision: String)
    /// Without either: each request says what it needs (2026-07-28).
    case modern

    /// The newest revision of each kind.
    static let modernRevision = "2026-07-28"
    static let legacyRevision = "2025-11-25"
    /// The revisions with a handshake that are understood.
    static let legacyRevisions = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"]

    /// The revision as the protocol names it.
    var revision: String {
        switch self {
        case .modern: Self.modernRevision
        case .legacy(let revision): revision
        }
    }

    /// The error of a server that speaks other revisions (2026-07-28, "Versioning").
    static let unsupportedVersion = -32022
}

/// What Graft says of itself to a server.
struct ClientFacts: Sendable {
    /// Whether there is a person who can be asked.
    let canAsk: Bool

    static let name = "graft"
    static let version = "0.1.0"

    /// Writes who asks, as `clientInfo`.
    func writeInfo(into writer: inout JSONWriter) {
        writer.object {
            $0.member("name", Self.name)
            $0.member("version", Self.version)
        }
    }

    /// Writes what can be asked of Graft; what nobody is there for is not declared.
    func writeCapabilities(into writer: inout JSONWriter) {
        writer.object {
            guard canAsk else { return }
            $0.member(
                "elicitation",
                object: {
                    $0.member("form", object: { _ in })
                    $0.member("url", object: { _ in })
                })
        }
    }

    /// Writes what each request of the modern kind carries, and the token under which progress is told.
    func writeMeta(_ era: MCPEra, progressToken: String?, into writer: inout JSONWriter) {
        guard era == .modern || progressToken != nil else { return }
        writer.member(
            "_meta",
            object: {
                if let progressToken { $0.member("progressToken", progressToken) }
                guard era == .modern else { return }
                let prefix = "io.modelcontextprotocol"
                $0.member("\(prefix)/protocolVersion", MCPEra.modernRevision)
                $0.key("\(prefix)/clientInfo")
                writeInfo(into: &$0)
                $0.key("\(prefix)/clientCapabilities")
                writeCapabilities(into: &$0)
            })
    }
}

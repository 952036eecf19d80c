import JSON

/// What the model may not do without a yes, as the events tell it: a command with more rights than the session's policy
/// gives, or actions on a screen that the provider doubts.
public struct ApprovalReport: Sendable, Equatable {
    /// What it is about.
    public enum Subject: String, Sendable {
        case command, screen
    }

    /// What it is about.
    public var subject = Subject.command
    /// The shell line, as the model wrote it, or the actions in words: untrusted text.
    public var command: String
    /// Why, in the model's words, or the provider's doubts: untrusted text.
    public var reason: String
    /// What it asks for beyond the policy.
    public var rights: Rights
    /// The tool of somebody else's that is called, if it is no command; the command then says it in words.
    public var tool: String?

    /// The rights that a command asks for.
    public struct Rights: Sendable, Equatable {
        /// How far it reaches.
        public enum Network: Sendable, Equatable {
            /// Loopback and these hosts, spelled as in a policy.
            case hosts([String])
            /// The machine's own network.
            case all
        }

        /// The network; nil for no more than the policy gives.
        public var network: Network?
        /// Further paths that can be changed.
        public var writablePaths: [String]

        /// Further paths that can be read.
        public var readablePaths: [String]

        /// Names the rights.
        public init(network: Network? = nil, writablePaths: [String] = [], readablePaths: [String] = []) {
            self.network = network
            self.writablePaths = writablePaths
            self.readablePaths = readablePaths
        }
    }

    /// Names the request.
    public init(command: String, reason: String, rights: Rights) {
        self.command = command
        self.reason = reason
        self.rights = rights
    }
}

extension ApprovalReport {
    func write(into writer: inout JSONWriter) {
        if subject != .command { writer.member("subject", subject.rawValue) }
        writer.member("command", command)
        if let tool { writer.member("tool", tool) }
        writer.member("reason", reason)
        writer.member(
            "rights",
            object: {
                switch rights.network {
                case .all: $0.member("network", "all")
                case .hosts(let hosts): $0.member("network", array: { for host in hosts { $0.string(host) } })
                case nil: break
                }
                if !rights.writablePaths.isEmpty {
                    $0.member("write", array: { for path in rights.writablePaths { $0.string(path) } })
                }
                if !rights.readablePaths.isEmpty {
                    $0.member("read", array: { for path in rights.readablePaths { $0.string(path) } })
                }
            })
    }

    init?(_ json: JSON) {
        guard let command = json["command"]?.string else { return nil }
        self.init(
            command: command, reason: json["reason"]?.string ?? "",
            rights: json["rights"].map(Rights.init) ?? Rights())
        subject = json["subject"]?.string.flatMap(Subject.init) ?? .command
        tool = json["tool"]?.string
    }
}

extension ApprovalReport.Rights {
    fileprivate init(_ json: JSON) {
        func paths(_ name: String) -> [String] { json[name].map { $0.elements.compactMap(\.string) } ?? [] }
        self.init(writablePaths: paths("write"), readablePaths: paths("read"))
        guard let network = json["network"] else { return }
        if network.string == "all" {
            self.network = .all
        } else if network.kind == .array {
            self.network = .hosts(network.elements.compactMap(\.string))
        }
    }
}

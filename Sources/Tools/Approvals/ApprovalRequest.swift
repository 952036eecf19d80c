public import Sandbox
public import Session

/// What the model may not do without a yes: a command with more rights than the session's policy allows, or actions on a
/// screen that the provider doubts.
public struct ApprovalRequest: Sendable, Equatable {
    /// Whether it is about actions on a screen, and no command.
    public let isOfScreen: Bool
    /// The shell line, as the model wrote it, or the actions in words: untrusted text.
    public let command: String
    /// The reason given by the model, or the provider's doubts: untrusted text.
    public let reason: String
    /// The rights beyond the policy.
    public let rights: CommandRights

    /// The tool that is called, if it is no command; an answer for the session is about all its calls.
    public let tool: String?

    /// Makes a request.
    public init(command: String, reason: String, rights: CommandRights, tool: String? = nil) {
        isOfScreen = false
        self.command = command
        self.reason = reason
        self.rights = rights
        self.tool = tool
    }

    /// Asks about actions on a screen that the provider doubts.
    init(doubts: [String], about actions: [String]) {
        (isOfScreen, tool) = (true, nil)
        command = actions.joined(separator: "\n")
        reason = doubts.joined(separator: "; ")
        rights = CommandRights()
    }

    /// Reads a request for a command as it was recorded; nil for hosts that cannot be read.
    init?(_ report: ApprovalReport) {
        guard report.subject == .command else { return nil }
        var network: CommandRights.Network?
        switch report.rights.network {
        case .all: network = .all
        case .hosts(let names):
            let hosts = names.compactMap(HostPattern.init)
            guard hosts.count == names.count else { return nil }
            network = .hosts(hosts)
        case nil: break
        }
        self.init(
            command: report.command, reason: report.reason,
            rights: CommandRights(
                network: network, writablePaths: report.rights.writablePaths,
                readablePaths: report.rights.readablePaths), tool: report.tool)
    }

    /// The request as recorded in events.
    public var report: ApprovalReport {
        let network: ApprovalReport.Rights.Network? =
            switch rights.network {
            case .all: .all
            case .hosts(let hosts): .hosts(hosts.map(\.description))
            case nil: nil
            }
        var report = ApprovalReport(
            command: command, reason: reason,
            rights: .init(
                network: network, writablePaths: rights.writablePaths, readablePaths: rights.readablePaths))
        if isOfScreen { report.subject = .screen }
        report.tool = tool
        return report
    }
}

/// Asks a person and waits for the answer; must return when the task is cancelled, as after the time limit.
public typealias ApprovalQuestion = @Sendable (ApprovalRequest) async -> ApprovalAnswer?

extension ApprovalDecision {
    /// The refusal for the model: who refused, and what to do instead.
    var refusal: String {
        let who =
            switch by {
            case .person: "The person at the terminal refused this"
            case .rule: "A rule in the user's configuration refuses this"
            case .headless: "Refused at once: nobody is there who could allow it"
            }
        return "\(who). The command was not run. Do not ask for it again; go on within the sandbox, with another way "
            + "or without it, and say at the end what it would have been needed for."
    }
}

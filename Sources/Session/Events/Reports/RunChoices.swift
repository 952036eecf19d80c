import JSON
import Text

/// What was chosen for a run by flags and configuration, so that the session can go on in the same way.
public struct RunChoices: Sendable, Equatable {
    /// How commands are kept in (`--sandbox`); nil for the usual way.
    public var sandbox: String?
    /// `http` where WebSocket mode is left alone.
    public var transport: String?
    /// The kind of server.
    public var provider: String?
    /// How hard the model thinks.
    public var effort: String?
    /// How much the model says.
    public var verbosity: String?
    /// Whether the steps are ordered at the end.
    public var ordersSteps: Bool?
    /// The time limit of one command.
    public var commandTimeout: Duration?
    /// How often the command has to pass on the last commit.
    public var repetitions: Int?
    /// Whether it has to pass on each commit of the series.
    public var verifiesEach: Bool?
    /// The tools beyond the usual ones, as `--tool` takes them; nil in the journals of earlier versions.
    public var tools: [String]?

    /// The patterns of paths that are protected, beyond the usual ones.
    public var protecting: [String] = []
    /// The patterns of paths that may change all the same.
    public var allowing: [String] = []

    /// Which attempt in a row this is, as the commits say (`Graft-Attempt`); nil where nobody counts.
    public var attempt: Int?
    /// Which files are reports about tests (`--reports`).
    public var reports: [String] = []
    /// The files of the pictures that go with the task.
    public var pictures: [String] = []

    /// Starts with nothing chosen.
    public init() {}
}

extension RunChoices {
    func write(into writer: inout JSONWriter) {
        for (name, value) in [
            ("sandbox", sandbox), ("transport", transport), ("provider", provider), ("effort", effort),
            ("verbosity", verbosity),
        ] {
            if let value { writer.member(name, value) }
        }
        if let ordersSteps {
            writer.key("series")
            writer.bool(ordersSteps)
        }
        if let repetitions { writer.member("repeat", repetitions) }
        if let verifiesEach { writer.member("verify_each", verifiesEach) }
        if let tools { writer.member("tools", array: { for tool in tools { $0.string(tool) } }) }
        if let commandTimeout { writer.member("command_timeout_ms", commandTimeout.milliseconds) }
        for (name, patterns) in [("protect", protecting), ("allow_changes_to", allowing)] where !patterns.isEmpty {
            writer.member(name, array: { for pattern in patterns { $0.string(pattern) } })
        }
        if let attempt { writer.member("attempt", attempt) }
        if !reports.isEmpty { writer.member("reports", array: { for pattern in reports { $0.string(pattern) } }) }
        if !pictures.isEmpty { writer.member("images", array: { for path in pictures { $0.string(path) } }) }
    }

    init(_ json: JSON) {
        sandbox = json["sandbox"]?.string
        transport = json["transport"]?.string
        provider = json["provider"]?.string
        effort = json["effort"]?.string
        verbosity = json["verbosity"]?.string
        ordersSteps = json["series"]?.bool
        repetitions = json["repeat"]?.int
        verifiesEach = json["verify_each"]?.bool
        tools = json["tools"].map { $0.elements.compactMap(\.string) }
        commandTimeout = json["command_timeout_ms"]?.milliseconds
        protecting = json["protect"]?.elements.compactMap(\.string) ?? []
        allowing = json["allow_changes_to"]?.elements.compactMap(\.string) ?? []
        attempt = json["attempt"]?.int
        reports = json["reports"]?.elements.compactMap(\.string) ?? []
        pictures = json["images"]?.elements.compactMap(\.string) ?? []
    }
}

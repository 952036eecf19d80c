public import Sandbox

/// A server of the Model Context Protocol, as somebody has written it down.
public struct MCPServer: Sendable, Equatable {
    /// How it is reached.
    public enum Place: Sendable, Equatable {
        /// A program that Graft starts, and talks to over its standard streams.
        case command(Program)
        /// A server that is there already.
        case url(Remote)
    }

    /// A program to start.
    public struct Program: Sendable, Equatable {
        /// The program, looked up in `PATH` if it has no slash.
        public var command: String
        /// Its arguments.
        public var arguments: [String] = []
        /// The variables of the user that it gets, beyond those of all commands.
        public var passedVariables: [String] = []
        /// Variables with values of their own.
        public var variables: [String: String] = [:]
        /// The folder to start in, absolute or below the working tree; nil for the working tree.
        public var directory: String?

        /// Names the program.
        public init(_ command: String) { self.command = command }
    }

    /// A server behind HTTP.
    public struct Remote: Sendable, Equatable {
        /// Its address.
        public var url: String
        /// The variable that holds the bearer token.
        public var tokenVariable: String?
        /// Headers by name.
        public var headers: [String: String] = [:]
        /// Headers by name, each with the variable that holds its value.
        public var headerVariables: [String: String] = [:]

        /// Names the server.
        public init(_ url: String) { self.url = url }
    }

    /// Who has written it down.
    public enum Origin: Sendable, Equatable {
        /// The user, for Graft.
        case user
        /// The repository, in this file.
        case repository(file: String)
        /// The user, for another agent, in this file.
        case otherAgent(file: String)
    }

    /// Whether its calls need a yes.
    public enum Approvals: String, Sendable, CaseIterable {
        /// Each one, unless the answer is for the session.
        case ask
        /// None: what it may do is what its policy says.
        case never
    }

    /// Its name.
    public let name: String
    /// How it is reached.
    public var place: Place
    /// Who has written it down.
    public var origin = Origin.user
    /// Whether it is started at all.
    public var isEnabled = true
    /// Whether a run without it makes no sense.
    public var isRequired = false
    /// How long it may take to start and to name its tools.
    public var startupTimeout = Duration.seconds(30)
    /// How long a call may take without a word from it.
    public var toolTimeout = Duration.seconds(60)
    /// The only tools that the model gets; nil for all.
    public var enabledTools: [String]?
    /// Tools that the model does not get.
    public var disabledTools: [String] = []
    /// What a program may do beyond reading the tree; nil for nothing.
    public var policy: PolicyChoice?
    /// Whether calls need a yes; nil for what its origin asks for.
    public var approvals: Approvals?

    /// Names a server.
    public init(_ name: String, _ place: Place) {
        self.name = name
        self.place = place
    }

    /// Whether each call needs a yes: always for one behind HTTP that a repository names, since what is sent there leaves
    /// the machine.
    public var asksForCalls: Bool {
        if let approvals { return approvals == .ask }
        if case .repository = origin, case .url = place { return true }
        return false
    }

    /// Whether the model gets a tool.
    public func offers(_ tool: String) -> Bool {
        enabledTools?.contains(tool) ?? true && !disabledTools.contains(tool)
    }

    /// What it may do, as a policy on top of one under which nothing can be changed and no network is there.
    ///
    /// - Throws: `ConfigurationError` or `SandboxError` for a policy that there is not.
    public func profile(home: String) throws -> SandboxProfile {
        var profile = SandboxProfile()
        profile.isTreeWritable = false
        profile.network = SandboxProfile.Network.none
        guard let granted = try policy?.profile(home: home) else { return profile }
        profile.isTreeWritable = granted.isTreeWritable ?? false
        profile.network = granted.network ?? SandboxProfile.Network.none
        profile.hosts = granted.hosts
        profile.writablePaths = granted.writablePaths
        profile.readablePaths = granted.readablePaths
        profile.hiddenPaths = granted.hiddenPaths
        profile.limits = granted.limits
        return profile
    }
}

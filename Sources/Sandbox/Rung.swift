/// What stands between a command and the machine: one step of the ladder from strong to none.
public enum Rung: String, Sendable, Equatable, CaseIterable {
    /// Namespaces made by the `bwrap` program.
    case bubblewrap
    /// Nothing: the command runs as the user, because the user has said that the world around is a sandbox.
    case off

    /// Whether a command sees a `/tmp` of its own and cannot write to the home folder.
    public var isolatesFiles: Bool { self != .off }
}

/// What the user asks for.
public enum SandboxMode: String, Sendable, Equatable, CaseIterable {
    /// The strongest rung that works here; none is an error.
    case auto
    /// No sandbox.
    case off
}

/// What stands between a command and the machine: one step of the ladder from strong to none.
public enum Rung: String, Sendable, Equatable, CaseIterable {
    /// Graft's own launcher: namespaces, Landlock where the kernel has it, a system call filter.
    case namespaces
    /// Namespaces made by the `bwrap` program.
    case bubblewrap
    /// Graft's own launcher without namespaces: Landlock and the system call filter.
    case landlock
    /// Nothing: the user says that the world around is a sandbox, as in a throw-away container.
    case external
    /// Nothing: the user says that it does not matter.
    case off

    /// What is tried, the strongest first, before giving up.
    public static let ladder: [Rung] = [.namespaces, .bubblewrap, .landlock]

    /// Whether a command sees a `/tmp` of its own.
    public var hasPrivateTemporary: Bool { self == .namespaces || self == .bubblewrap }

    /// How it keeps commands in, in a few words.
    public var mechanism: String {
        switch self {
        case .namespaces: "namespaces, Landlock and a system call filter"
        case .bubblewrap: "bubblewrap, Landlock and a system call filter"
        case .landlock: "Landlock and a system call filter alone"
        case .external: "left to the world around; commands run with your rights, files and network"
        case .off: "off; commands run with your rights, files and network"
        }
    }
}

/// What the user asks for.
public enum SandboxMode: String, Sendable, Equatable, CaseIterable {
    /// The strongest rung that works here; none is an error.
    case auto
    /// None, because the world around is one.
    case external
    /// None.
    case off
}

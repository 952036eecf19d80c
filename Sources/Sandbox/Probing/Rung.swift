/// The kind of sandbox: one rung of the ladder from strong to none.
public enum Rung: String, Sendable, Equatable, CaseIterable {
    /// Graft's launcher: namespaces, Landlock where the kernel has it, a system call filter.
    case namespaces
    /// Namespaces made by the `bwrap` program.
    case bubblewrap
    /// Graft's launcher without namespaces: Landlock and the system call filter.
    case landlock
    /// None: the user declares the environment a sandbox, as in a throw-away container.
    case external
    /// None: the user has turned the sandbox off.
    case off

    /// The rungs to try, the strongest first.
    public static let ladder: [Rung] = [.namespaces, .bubblewrap, .landlock]

    /// Whether files and folders can be shown at other paths.
    var hasMounts: Bool { self == .namespaces || self == .bubblewrap }

    /// Whether commands have a private `/tmp`.
    public var hasPrivateTemporary: Bool { self == .namespaces || self == .bubblewrap }

    /// Its mechanism, in a few words.
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

/// The sandbox that the user chooses.
public enum SandboxMode: String, Sendable, Equatable, CaseIterable {
    /// The strongest rung that works; an error if none does.
    case auto
    /// None, because the environment is a sandbox.
    case external
    /// None.
    case off
}

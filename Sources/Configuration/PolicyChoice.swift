public import Sandbox

/// How a policy is chosen.
public enum PolicyChoice: Sendable, Equatable {
    /// One that comes with Graft, or a file.
    case named(String)
    /// Key by key, in a configuration file.
    case spelledOut(SandboxProfile)

    /// What to call it in a message.
    public var name: String {
        switch self {
        case .named(let name): name
        case .spelledOut: "[sandbox]"
        }
    }

    /// The policy itself.
    ///
    /// - Parameter home: What `~` stands for.
    public func profile(home: String) throws(SandboxError) -> SandboxProfile {
        switch self {
        case .named(let name): try SandboxProfile.read(name.hasPrefix("~/") ? home + name.dropFirst() : name)
        case .spelledOut(let profile): profile
        }
    }
}

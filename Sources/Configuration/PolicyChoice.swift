import OS
public import Sandbox

/// Which policy a user has chosen.
public enum PolicyChoice: Sendable, Equatable {
    /// A built-in policy, or a file.
    case named(String)
    /// The keys of `[sandbox]` in a configuration file.
    case spelledOut(SandboxProfile)

    /// Its name in messages.
    public var name: String {
        switch self {
        case .named(let name): name
        case .spelledOut: "[sandbox]"
        }
    }

    /// Reads the policy.
    ///
    /// - Parameter home: What `~` stands for.
    /// - Throws: `.profile` if there is no such policy, or the file is not one.
    public func profile(home: String) throws(SandboxError) -> SandboxProfile {
        switch self {
        case .named(let name): try SandboxProfile.read(FilePath.absolute(name, home: home))
        case .spelledOut(let profile): profile
        }
    }
}

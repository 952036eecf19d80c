import OS
import Profiles

extension SandboxProfile {
    /// The names of the built-in policies.
    public static let builtInNames = Profiles.texts.keys.sorted()

    /// Reads a built-in policy; nil if there is none of that name.
    ///
    /// - Throws: `.profile` if the built-in file is invalid, which is a bug of Graft.
    public static func builtIn(_ name: String) throws(SandboxError) -> SandboxProfile? {
        guard let text = Profiles.texts[name] else { return nil }
        return try SandboxProfile(toml: Array(text.utf8), name: name)
    }
}

extension SandboxProfile {
    /// Reads a built-in policy, or else a file.
    ///
    /// - Throws: `.profile` if there is neither a policy nor a readable file of that name, or the file is not a policy.
    public static func read(_ nameOrFile: String) throws(SandboxError) -> SandboxProfile {
        if let profile = try builtIn(nameOrFile) { return profile }
        guard FilePath.kind(nameOrFile) == .other, let bytes = FileContent.bytes(nameOrFile) else {
            let names = builtInNames.joined(separator: ", ")
            throw SandboxError(.profile, "there is no policy \(nameOrFile): give \(names), or a TOML file")
        }
        return try SandboxProfile(toml: bytes, name: nameOrFile)
    }
}

extension SandboxPolicy {
    /// Applies a policy file; keys that it does not set stay unchanged.
    ///
    /// - Parameter home: What `~` stands for.
    public mutating func apply(_ profile: SandboxProfile, home: String) {
        if let isTreeWritable = profile.isTreeWritable { self.isTreeWritable = isTreeWritable }
        switch profile.network {
        case .some(.none): network = .none
        case .loopback: network = .loopback
        case .hosts: network = .hosts(profile.hosts ?? [])
        case .all: network = .all
        case nil: break
        }
        writablePaths += (profile.writablePaths ?? []).map { FilePath.absolute($0, home: home) }
        let hidden = profile.hiddenPaths.map { FilePath.absolute($0, home: home) }
        hiddenPaths += hidden
        // A repository may hide what the user shows.
        let kept = hidden.compactMap(FilePath.resolved)
        readablePaths += (profile.readablePaths ?? []).map { FilePath.absolute($0, home: home) }.filter { path in
            guard let real = FilePath.resolved(path) else { return false }
            return !kept.contains { FilePath.isInside(real, $0) }
        }
        limits = profile.limits.over(limits)
    }
}

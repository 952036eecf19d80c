import OS

/// A file or folder that commands see in place of what is at a path, read-only.
///
/// Only with mounts; see ``WithoutMounts`` for the rung that has none.
public struct StandIn: Sendable, Equatable {
    /// What is shown; absolute, without links.
    public var source: String
    /// Where; absolute. Missing folders above it are made where the sandbox has memory for them.
    public var path: String
    /// Whether the source may be missing when a command starts; then there is no stand-in.
    public var mayBeMissing: Bool

    /// Makes a stand-in; see the properties.
    public init(_ source: String, at path: String, mayBeMissing: Bool = false) {
        self.source = source
        self.path = path
        self.mayBeMissing = mayBeMissing
    }
}

/// What replaces stand-ins on the rung without mounts.
public struct WithoutMounts: Sendable, Equatable {
    /// Paths that are hidden; read-only paths in them are hidden, too.
    public var hidden: [String] = []
    /// Paths that are hidden elsewhere alone.
    public var notHidden: [String] = []
    /// Paths that are visible and read-only although they lie in hidden ones.
    public var shown: [String] = []
    /// Variables of the environment.
    public var variables: [String: String] = [:]
    /// Why the rung cannot be used; nil if it can.
    public var refusal: String?

    /// Makes an empty replacement.
    public init() {}
}

extension SandboxPolicy {
    /// The policy for the rung without mounts.
    var forLandlock: SandboxPolicy {
        var policy = self
        policy.standIns = []
        policy.shownTree = nil
        policy.hiddenPaths.removeAll { withoutMounts.notHidden.containsPath($0) }
        policy.hiddenPaths += withoutMounts.hidden
        let isHidden = { [hidden = withoutMounts.hidden] path in hidden.contains { FilePath.isInside(path, $0) } }
        policy.readOnlyPaths.removeAll(where: isHidden)
        policy.shownPaths.removeAll { isHidden(FilePath.resolved($0) ?? $0) }
        policy.readOnlyPaths += withoutMounts.shown
        // The home folder that takes the place of a closed one has links to them.
        policy.readOnlyPaths += standIns.filter { standIn in
            closedFolders.contains { FilePath.isInside(standIn.path, $0) } && FilePath.kind(standIn.source) == .other
        }.map(\.source)
        return policy
    }
}

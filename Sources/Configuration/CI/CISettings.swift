/// The rules for runs that nobody watches: the table `[ci]`; nil means that the next source decides.
public struct CISettings: Sendable, Equatable {
    /// What a run that was started for a change is not made for.
    public enum Skip: String, Sendable, CaseIterable {
        /// A change that comes from another repository.
        case forks
        /// A change that its author has not finished.
        case drafts
        /// A change with the label.
        case label
    }

    /// How many commits of Graft may follow one another on a branch.
    public var attempts: Int?
    /// The branches that nothing is ever pushed to.
    public var protectedBranches: [BranchPattern]?
    /// What is left alone.
    public var skips: [Skip]?
    /// The label with which a change is left alone.
    public var label: String?
    /// Whether a run ends without a result to publish when the branch has moved on the remote.
    public var stopsIfMoved: Bool?
    /// How many sessions stay.
    public var keep: KeepRule?

    /// Starts with nothing set.
    public init() {}

    /// The branches that are protected where nobody names others.
    public static let usualProtected = ["main", "master", "release/*"].compactMap(BranchPattern.init)
    /// The usual label.
    public static let usualLabel = "graft:skip"

    /// These settings; `other` supplies what is unset here.
    ///
    /// Protected branches add up: who comes later may protect more, and never less.
    func over(_ other: CISettings) -> CISettings {
        var merged = self
        merged.attempts = attempts ?? other.attempts
        if let own = protectedBranches, let more = other.protectedBranches {
            merged.protectedBranches = own + more.filter { !own.contains($0) }
        } else {
            merged.protectedBranches = protectedBranches ?? other.protectedBranches
        }
        merged.skips = skips ?? other.skips
        merged.label = label ?? other.label
        merged.stopsIfMoved = stopsIfMoved ?? other.stopsIfMoved
        merged.keep = keep ?? other.keep
        return merged
    }

    /// What of these a repository may say: more branches to protect, a limit, more caution; what stays on the disk of
    /// the machine is the user's.
    var narrowedToRepository: CISettings {
        var narrowed = self
        narrowed.protectedBranches = protectedBranches.map { own in
            own + Self.usualProtected.filter { !own.contains($0) }
        }
        narrowed.skips = nil
        if stopsIfMoved == false { narrowed.stopsIfMoved = nil }
        narrowed.keep = nil
        return narrowed
    }

    /// Whether nothing may be pushed to a branch.
    public func protects(_ branch: String) -> Bool {
        (protectedBranches ?? Self.usualProtected).contains { $0.matches(branch) }
    }
}

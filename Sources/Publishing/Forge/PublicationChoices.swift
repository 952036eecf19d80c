import Repository

/// What a person has chosen for a publication.
public struct PublicationChoices: Sendable {
    /// The branch that the commits are pushed to (short name).
    public var branch: String
    /// The branch that they are for; nil for the one that is checked out, or the forge's.
    public var base: String?
    /// The branch that is checked out.
    public var checkedOut: String?
    /// Whether the request is marked as not finished.
    public var isDraft = false
    /// Labels to add.
    public var labels: [String] = []
    /// The title; nil to make one of the commits.
    public var title: String?
    /// Whether commits without a proof are published.
    public var takesUnproven = false
    /// Whether nothing is done if the base branch has moved on.
    public var requiresCurrentBase = false
    /// What nobody is to read in the text: names and values.
    public var secrets: [(name: String, value: String)] = []
    /// Whether nothing may be pushed to a branch.
    public var protects: @Sendable (String) -> Bool

    /// Publishes to this branch.
    public init(branch: String, protects: @escaping @Sendable (String) -> Bool) {
        self.branch = branch
        self.protects = protects
    }

    /// Refuses what no forge or git would take, and branches that are not Graft's to move.
    func check(_ standing: PublishableSeries.Standing, _ kind: ForgeKind) throws(ForgeError) {
        guard GitRepository.isBranchName(branch) else {
            throw ForgeError(.usage, "\"\(branch)\" is no name for a branch")
        }
        if let base, !GitRepository.isBranchName(base) {
            throw ForgeError(.usage, "\"\(base)\" is no name for a branch")
        }
        guard branch != base, !protects(branch) else {
            throw ForgeError(
                .refused, "nothing is ever pushed to \(branch): it is \(branch == base ? "the base" : "protected")",
                nextStep: "name another with --branch, such as graft/\(branch)")
        }
        switch standing {
        case .proven: break
        case .doubtful where isDraft || takesUnproven: break
        case .doubtful:
            throw ForgeError(
                .refused, "the verdict is needs_review: a person has to judge the doubts first",
                nextStep: "publish it as a draft with --draft, where the doubts stand on top")
        case .unproven where takesUnproven: break
        case .unproven(let reason):
            throw ForgeError(
                .refused, "not published, since nothing proves it: \(reason)",
                nextStep: "--force-unverified publishes it all the same, and the \(kind.request) says so")
        }
    }
}

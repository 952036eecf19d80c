/// A pull or merge request as a forge tells of it.
struct ForgeRequest: Sendable, Equatable {
    /// What has become of it.
    enum State: Sendable {
        case open, closed, merged
    }

    /// Its number.
    let number: Int
    /// Its page.
    let url: String
    let state: State
    let title: String
    let body: String
    /// The branch that it asks to merge into.
    let base: String
    let isDraft: Bool
    let labels: [String]
}

/// A request as it should be.
public struct RequestDraft: Sendable, Equatable {
    /// One line.
    public let title: String
    /// Markdown.
    public let body: String
    /// The branch with the commits.
    public let head: String
    /// The branch to merge into.
    public let base: String
    /// Whether it is not finished.
    public let isDraft: Bool
    /// Labels to add.
    public let labels: [String]
}

/// What a forge says of a repository.
struct ForgeProject: Sendable, Equatable {
    /// The branch that requests are for where nothing else is said.
    let standardBranch: String?
    let isArchived: Bool
    /// Whether requests can be opened there.
    let takesRequests: Bool
}

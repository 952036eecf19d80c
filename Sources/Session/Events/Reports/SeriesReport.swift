import JSON

/// The steps of a session, ordered into commits for a reader.
public struct SeriesReport: Sendable, Equatable {
    /// The commits, oldest first; they take the place of the steps.
    public var commits: [CommitReport]
    /// The tree of the last one, which is the tree of the last step.
    public var tree: String
    /// How many steps they are made of.
    public var stepCount: Int

    /// Names the parts.
    public init(commits: [CommitReport], tree: String, stepCount: Int) {
        self.commits = commits
        self.tree = tree
        self.stepCount = stepCount
    }
}

extension SeriesReport {
    func write(into writer: inout JSONWriter) {
        writer.member("commits", array: { for commit in commits { $0.object { commit.write(into: &$0) } } })
        writer.member("tree", tree)
        writer.member("steps", stepCount)
    }

    init?(_ json: JSON) {
        guard let commits = json["commits"], commits.kind == .array else { return nil }
        self.init(
            commits: commits.elements.compactMap(CommitReport.init), tree: json["tree"]?.string ?? "",
            stepCount: json["steps"]?.int ?? 0)
    }
}

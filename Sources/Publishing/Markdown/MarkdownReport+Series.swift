import Session
import Text

/// The commits.
extension MarkdownReport {
    /// So many commits are shown one by one.
    private static let commitLimit = 100
    /// So many files of a commit are shown one by one.
    private static let fileLimit = 20

    /// The commits with their files.
    var commits: [String] {
        guard !result.commits.isEmpty else { return [] }
        let branch = result.branch.map { " on " + $0.codeInMarkdown(isOwn: true) } ?? ""
        return ["### Commits" + branch, result.commits.prefix(Self.commitLimit).map(Self.item).joined(separator: "\n")]
            + Self.rest(of: result.commits.count, beyond: Self.commitLimit, "commit")
    }

    private static func item(_ commit: CommitReport) -> String {
        let head = "- \(short(commit.id)) \(commit.subject.clipped(to: 200).inMarkdown)"
        let files = commit.files.prefix(fileLimit).map { "  - \($0.path.text.codeInMarkdown())\($0.kind.words)" }
        return ([head] + files + rest(of: commit.files.count, beyond: fileLimit, "file").map { "  - " + $0 })
            .joined(separator: "\n")
    }
}

extension FileSummary.Kind {
    fileprivate var words: String {
        switch self {
        case .add: ", new"
        case .update: ""
        case .delete: ", deleted"
        }
    }
}

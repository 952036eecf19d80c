public import Repository

/// The commands that a repository's files name for testing it, most telling first, each with where it comes from.
///
/// CI definitions come first, because they say how the repository is really tested; then what runs tasks, what packages
/// say, what is usual in an ecosystem, and what documents tell people to run. Tests come before checks of style, and
/// those before builds.
public struct CommandProposals: Sendable {
    /// The proposals.
    public let proposals: [CommandProposal]
    /// The lines that test or check and cannot be used.
    public let skipped: [SkippedCommand]

    /// Reads the files of a commit.
    public init(of repository: GitRepository, at commit: CommitID) {
        self.init(ProposalFiles(of: repository, at: commit))
    }

    /// Reads files; which ones there are bounds the work.
    init(_ files: ProposalFiles) {
        var list = CandidateList()
        Self.read(files, &list)
        let ordered = CommandKind.allCases.flatMap { kind in list.candidates.filter { $0.kind == kind } }
        proposals = ordered.map { CommandProposal($0.line, reason: $0.reasons.joined(separator: "; ")) }
        skipped = list.skipped
    }

    /// Reads all files, in the order of proposals of one kind.
    private static func read(_ files: ProposalFiles, _ list: inout CandidateList) {
        GitHubWorkflows.read(files, &list)
        GitLabJobs.read(files, &list)
        CircleJobs.read(files, &list)
        AzurePipelines.read(files, &list)
        TravisScripts.read(files, &list)
        JenkinsPipelines.read(files, &list)
        TaskFiles.read(files, &list)
        PackageScripts.read(files, &list)
        PythonProjects.read(files, &list)
        Ecosystems.read(files, &list)
        CodeInDocuments.read(files, &list)
    }
}

public import Configuration
public import Repository

extension Settings {
    /// The repository's file as it is in a commit, all of it; see ``Settings/narrowedToRepository``.
    public static func file(of repository: GitRepository, at commit: CommitID) throws -> Settings {
        let path = ".graft/config.toml"
        guard let bytes = try repository.contents(of: path, in: commit) else { return Settings() }
        return try Settings(toml: bytes, name: path)
    }
}

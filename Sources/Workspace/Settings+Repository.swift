public import Configuration
public import Repository
import Text

extension Settings {
    /// Reads all of the repository's file in a commit; see ``Settings/narrowedToRepository``.
    ///
    /// - Throws: `ConfigurationError` for an invalid file, `RepositoryError` if the commit cannot be read.
    public static func file(of repository: GitRepository, at commit: CommitID) throws -> Settings {
        let path = ".graft/config.toml"
        guard let bytes = try repository.contents(of: BytePath(path), in: commit) else { return Settings() }
        return try Settings(toml: bytes, name: path)
    }
}

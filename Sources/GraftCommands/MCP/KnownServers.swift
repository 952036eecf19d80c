import Configuration
import MCP
import OS
import Repository
import Sandbox
import Session
import Workspace

/// All servers that the user's configuration, the current repository and other agents name.
struct KnownServers {
    /// What is used of them.
    var choice: ServerChoice
    /// The answers of the user.
    let trust: ServerTrust
    /// The checkout's root; the current folder outside of a repository.
    let root: String

    /// Reads the files for the current folder.
    ///
    /// - Throws: `ConfigurationError` for a configuration that cannot be used.
    init(environment: [String: String]) throws {
        let plain = environment.filter { !SandboxEnvironment.looksSecret($0.key) }
        let own = try Settings.file(environment: environment)
        trust = ServerTrust(root: SessionFolder.root(environment: environment))
        var (theirs, root) = (Settings(), String?.none)
        do throws(RepositoryError) {
            let repository = try GitRepository(discovering: ".", environment: plain)
            root = repository.workingDirectory
            if let commit = try repository.head.commit { theirs = try Self.settings(of: repository, at: commit) }
        } catch {
            // Outside of a repository only the user's files name servers.
            guard error.code == .notARepository || error.code == .bare else { throw error }
        }
        choice = ServerChoice(
            own: own.servers, repository: theirs.servers, root: root, environment: environment, trust: trust)
        self.root = root ?? FilePath.resolved(".") ?? "."
    }

    private static func settings(
        of repository: GitRepository, at commit: CommitID
    ) throws(RepositoryError) -> Settings {
        do { return try Settings.file(of: repository, at: commit) } catch {
            // What is wrong with the repository's configuration is told by what needs it.
            if let error = error as? RepositoryError { throw error }
            return Settings()
        }
    }

    /// The server of a name, with its file's answer: own ones first.
    func server(_ name: String) -> (server: MCPServer, isAllowed: Bool)? {
        if let server = choice.used.first(where: { $0.name == name }) { return (server, true) }
        for asked in choice.others {
            if let server = asked.source.servers.first(where: { $0.name == name }) { return (server, false) }
        }
        return nil
    }

    /// The file of a name, as it is listed or as a path.
    func source(_ file: String) -> ServerSource? {
        let sources = choice.others.map(\.source)
        let path = FilePath.resolved(file)
        return sources.first { $0.file == file } ?? sources.first { $0.isAt(path ?? file) }
    }
}

import Glibc
import Text

/// A repository elsewhere, as the `git` command reaches it: nothing of it is kept in the configuration, no hook runs, and
/// nobody is asked for a password.
///
/// What authorizes goes to `git` in its environment, never as an argument.
public struct RemoteRepository: Sendable {
    /// What a remote has told of its references.
    public struct Heads: Sendable, Equatable {
        /// The commits of branches, by short name.
        public var branches: [String: CommitID] = [:]
        /// The branch that its HEAD is on (short name).
        public var standard: String?

        /// Knows of none.
        public init() {}
    }

    /// The repository whose commits go there.
    let repository: GitRepository
    /// Its address, without a user name and a password of HTTP.
    public let address: String
    /// The header with which HTTP authorizes, such as `Authorization: Basic …`; nil for what git finds itself.
    let authorization: String?

    /// Names a repository.
    ///
    /// - Parameter address: A URL or a path; one that holds a password must not come here, as it becomes an argument.
    public init(_ address: String, for repository: GitRepository, authorization: String?) {
        self.repository = repository
        self.address = address
        self.authorization = authorization
    }

    /// The commits of these branches (short names) and the branch of HEAD (git-ls-remote(1)).
    ///
    /// - Throws: `gitCommand` if the repository cannot be asked.
    public func heads(_ branches: [String], within limit: Duration = .seconds(60)) throws(RepositoryError) -> Heads {
        let names = branches.map { "refs/heads/\($0)" }
        let output = try git(limit).run(["ls-remote", "--quiet", "--symref", "--", address, "HEAD"] + names)
        var heads = Heads()
        for line in String(decoding: output, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: "\t")
            guard parts.count == 2 else { continue }
            let (value, name) = (String(parts[0]), String(parts[1]))
            if name == "HEAD", value.hasPrefix("ref: refs/heads/") {
                heads.standard = String(value.dropFirst("ref: refs/heads/".count))
            }
            // A pattern matches the ends of names; only the whole one is meant.
            if let branch = branches.first(where: { "refs/heads/\($0)" == name }) {
                heads.branches[branch] = CommitID(value)
            }
        }
        return heads
    }

    /// Fetches the history of a branch, and makes no reference to it.
    ///
    /// - Throws: `gitCommand` if it cannot be had.
    public func fetch(_ branch: String, within limit: Duration = .seconds(300)) throws(RepositoryError) {
        _ = try git(limit).run([
            "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules",
            "--no-auto-maintenance",
            "--", address, "refs/heads/\(branch)",
        ])
    }

    /// The arguments of `git` with which a commit goes to a branch (short name) there.
    ///
    /// - Parameter known: The commit that the branch has to be at; nil if it must not exist. A branch that has been moved
    ///   in between stays as it is.
    public func pushArguments(_ commit: CommitID, to branch: String, known: CommitID?) -> [String] {
        let name = "refs/heads/\(branch)"
        return [
            "push", "--quiet", "--no-verify", "--no-signed", "--no-follow-tags", "--recurse-submodules=no",
            "--force-with-lease=\(name):\(known?.hex ?? "")", "--", address, "\(commit.hex):\(name)",
        ]
    }

    /// Moves a branch there to a commit (git-push(1)).
    ///
    /// - Parameter known: As for ``pushArguments(_:to:known:)``.
    /// - Throws: `referenceMoved` if the branch is elsewhere by now, `gitCommand` for every other refusal.
    public func push(
        _ commit: CommitID, to branch: String, known: CommitID?, within limit: Duration = .seconds(600)
    ) throws(RepositoryError) {
        do throws(RepositoryError) {
            _ = try git(limit).run(pushArguments(commit, to: branch, known: known))
        } catch {
            guard error.details.contains("(stale info)") else { throw error }
            throw RepositoryError(
                .referenceMoved, "the branch \(branch) at \(address) was moved by somebody else; it stays as it is",
                details: error.details)
        }
    }

    private func git(_ limit: Duration) -> GitCommand {
        // What git would trace has the header in it.
        let environment = repository.environment.filter {
            !$0.key.hasPrefix("GIT_TRACE") && $0.key != "GIT_CURL_VERBOSE" && $0.key != "GIT_ALLOW_PROTOCOL"
        }
        var variables = ["GIT_ASKPASS": "", "SSH_ASKPASS": "", "SSH_ASKPASS_REQUIRE": "never"]
        // Addresses such as ext:: run commands.
        variables["GIT_ALLOW_PROTOCOL"] = "file:http:https:ssh"
        if environment["GIT_SSH_COMMAND"] == nil, repository.configured("core.sshCommand") == nil {
            variables["GIT_SSH_COMMAND"] = "ssh -o BatchMode=yes -o ConnectTimeout=15"
        }
        if let authorization {
            // Empty values forget what the repository has: a header of an earlier checkout, programs that know passwords.
            let settings = [
                ("http.\(address).extraHeader", ""), ("http.\(address).extraHeader", authorization),
                ("credential.helper", ""), ("http.followRedirects", "false"),
            ]
            variables["GIT_CONFIG_COUNT"] = "\(settings.count)"
            for (index, setting) in settings.enumerated() {
                variables["GIT_CONFIG_KEY_\(index)"] = setting.0
                variables["GIT_CONFIG_VALUE_\(index)"] = setting.1
            }
        }
        return GitCommand(
            gitDirectory: repository.gitDirectory, workTree: repository.workingDirectory, environment: environment,
            limit: limit, variables: variables)
    }
}

extension GitRepository {
    /// The address that `git push` would use for a remote, or the text itself where it is one.
    ///
    /// - Throws: `notFound` if there is no such remote.
    public func pushAddress(of remote: String) throws(RepositoryError) -> String {
        guard !remote.hasPrefix("-"), !remote.isEmpty else {
            throw RepositoryError(.notFound, "\"\(remote)\" is not the name of a remote")
        }
        if remote.contains(":") || remote.hasPrefix("/") || remote.hasPrefix("./") || remote.hasPrefix("../") {
            return remote
        }
        let git = GitCommand(gitDirectory: gitDirectory, workTree: workingDirectory, environment: environment)
        do throws(RepositoryError) {
            let output = try git.run(["remote", "get-url", "--push", remote])
            let lines = String(decoding: output, as: UTF8.self).split(separator: "\n")
            if let first = lines.first { return String(first) }
        } catch  where error.details.contains("No such remote") {
            throw RepositoryError(
                .notFound, "there is no remote \"\(remote)\" in \(workingDirectory)",
                nextStep: "git remote -v lists them")
        }
        throw RepositoryError(.notFound, "the remote \"\(remote)\" has no address")
    }
}

import CGit
import Glibc
import Text

/// A branch of another repository that a branch here follows.
public struct RemoteBranch: Sendable, Hashable {
    /// The name of the remote, or its address.
    public let remote: String
    /// The branch's short name there.
    public let branch: String

    /// Names a branch there.
    public init(remote: String, branch: String) {
        self.remote = remote
        self.branch = branch
    }

    /// Both in words: `feature on origin`.
    public var named: String { "\(branch) on \(remote)" }
}

extension GitRepository {
    /// The branch that a branch here follows (`branch.<name>.remote` and `.merge`); nil without one.
    public func upstream(of branch: String) -> RemoteBranch? {
        let found = configured(["branch.\(branch).remote", "branch.\(branch).merge"])
        guard let remote = found[0], let merge = found[1], remote != ".", merge.hasPrefix("refs/heads/") else {
            return nil
        }
        return RemoteBranch(remote: remote, branch: String(merge.dropFirst("refs/heads/".count)))
    }

    /// Whether a remote of this name is configured.
    public func hasRemote(_ name: String) -> Bool { configured("remote.\(name).url") != nil }

    /// Where a branch is in another repository, asked over the network (`git ls-remote`); nil if it is not there.
    ///
    /// Blocks for `limit` at most, and asks nobody for a password.
    ///
    /// - Throws: `gitCommand` if the remote cannot be asked, `unsupported` for names that git would take for options.
    public func head(
        of branch: RemoteBranch, within limit: Duration = .seconds(30)
    ) throws(RepositoryError) -> CommitID? {
        guard !branch.remote.isEmpty, !branch.remote.hasPrefix("-"), !branch.branch.isEmpty else {
            throw RepositoryError(.unsupported, "\"\(branch.remote)\" is not the name of a remote")
        }
        let reference = "refs/heads/\(branch.branch)"
        var command = GitCommand(gitDirectory: gitDirectory, workTree: workingDirectory, environment: environment)
        command.limit = limit
        // Nobody is there to answer; what the user has set already stays.
        command.variables["GIT_ASKPASS"] = environment["GIT_ASKPASS"] ?? "true"
        command.variables["SSH_ASKPASS_REQUIRE"] = "never"
        if environment["GIT_SSH_COMMAND"] == nil, configured("core.sshCommand") == nil {
            command.variables["GIT_SSH_COMMAND"] = "ssh -o BatchMode=yes -o ConnectTimeout=15"
        }
        // The pattern of ls-remote matches the ends of names; only the whole one is meant.
        let output = try command.run(["ls-remote", "--quiet", "--refs", "--", branch.remote, reference])
        for line in String(decoding: output, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: "\t")
            if parts.count == 2, parts[1] == reference { return CommitID(String(parts[0])) }
        }
        return nil
    }
}

import Repository
import Text

/// The calls of `git` to a remote, again where that may help, and what their failures mean.
struct RemoteWork: Sendable {
    private static let attemptLimit = 4

    let remote: RemoteRepository
    let token: ForgeToken
    let client: ForgeClient

    func heads(_ branches: [String]) async throws -> RemoteRepository.Heads {
        try await retrying("read the branches of") { () throws(RepositoryError) in try remote.heads(branches) }
    }

    func fetch(_ branch: String) async throws {
        try await retrying("fetch \(branch) from") { () throws(RepositoryError) in try remote.fetch(branch) }
    }

    /// Pushes; a push that came through although git did not hear of it is one.
    func push(_ commit: CommitID, to branch: String, known: CommitID?) async throws {
        var attempt = 1
        try await retrying("push \(branch) to") { () throws(RepositoryError) in
            defer { attempt += 1 }
            if attempt > 1, try remote.heads([branch]).branches[branch] == commit { return }
            try remote.push(commit, to: branch, known: known)
        }
    }

    private func retrying<Value>(
        _ what: String, _ body: () throws(RepositoryError) -> Value
    ) async throws -> Value {
        var attempt = 1
        while true {
            do throws(RepositoryError) { return try body() } catch {
                let failure = failure(error, what)
                guard failure.code == .temporary, attempt < Self.attemptLimit else { throw failure }
                try await client.pause(.milliseconds(500 << attempt), for: failure)
                attempt += 1
            }
        }
    }

    /// What git says, as a failure of the publication.
    private func failure(_ error: RepositoryError, _ what: String) -> ForgeError {
        guard error.code == .gitCommand else {
            return ForgeError(.refused, error.message, nextStep: error.nextStep ?? "look at it and try again")
        }
        let said = client.mask.masked(Self.reason(error))
        let text = "cannot \(what) \(remote.address): \(said.markedLine.clipped(to: 500))"
        let details = error.details.lowercased()
        func says(_ words: String...) -> Bool { words.contains { details.contains($0) || error.message.contains($0) } }
        if says("workflow") && says("refusing to allow") {
            return ForgeError(
                .credentials, text,
                nextStep: "the token in \(token.variable) may not change workflows: it needs \"workflows: write\"")
        }
        if says("[remote rejected]", "hook declined") {
            return ForgeError(.refused, text, nextStep: "the rules of the repository do not allow this push")
        }
        if says(
            "authentication failed", "could not read username", "could not read password", "permission denied",
            "returned error: 401", "returned error: 403", "access denied", "not allowed to", "invalid username",
            "host key verification failed", "permission to ")
        {
            let next =
                RemoteAddress(remote.address)?.scheme == .ssh
                ? "git needs a key of ssh that may push"
                : "the token in \(token.variable) needs \(ForgeToken.needs(client.place.kind))"
            return ForgeError(.credentials, text, nextStep: token.isOfJob ? ForgeClient.jobAdvice : next)
        }
        if says(
            "could not resolve host", "failed to connect", "couldn't connect", "connection refused", "timed out",
            "connection reset", "returned error: 5", "returned error: 429", "early eof", "hung up unexpectedly",
            "did not finish", "temporary failure", "network is unreachable", "empty reply")
        {
            return ForgeError(.temporary, text, nextStep: "try again later")
        }
        return ForgeError(.forge, text)
    }

    /// The line that tells most.
    private static func reason(_ error: RepositoryError) -> String {
        let lines = error.details.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("hint:") }
        let remote = lines.filter { $0.hasPrefix("remote:") }.map { $0.dropFirst("remote:".count) }
            .map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }.filter { !$0.isEmpty }
        let rejected = lines.first { $0.contains("rejected]") }?.split(whereSeparator: \.isWhitespace)
            .joined(separator: " ")
        let fatal = lines.first { $0.hasPrefix("fatal:") || $0.hasPrefix("ssh:") }
        let parts = remote.prefix(4) + [rejected ?? fatal ?? lines.last ?? error.message]
        return parts.joined(separator: " ")
    }
}

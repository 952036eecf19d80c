import Text
import Transport

/// What lets Graft speak for somebody on a forge; it comes from the environment and is never shown.
public struct ForgeToken: Sendable {
    /// The variable that it was found in.
    public let variable: String
    private let value: String
    private let kind: ForgeKind

    /// The variables that are looked at, the first that is set counts.
    public static func variables(of kind: ForgeKind) -> [String] {
        kind == .github ? ["GH_TOKEN", "GITHUB_TOKEN"] : ["GITLAB_TOKEN", "CI_JOB_TOKEN"]
    }

    /// Finds the token.
    ///
    /// - Throws: `credentials` without one, or for one that no header can hold.
    public init(_ kind: ForgeKind, environment: [String: String]) throws(ForgeError) {
        for name in Self.variables(of: kind) {
            // A secret that was pasted often has the end of its line.
            let value = (environment[name] ?? "").filter { !$0.isNewline && $0 != " " }
            guard !value.isEmpty else { continue }
            guard value.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
                throw ForgeError(.credentials, "the token in \(name) has characters that no token has")
            }
            self.kind = kind
            variable = name
            self.value = value
            return
        }
        let names = kind == .github ? "GITHUB_TOKEN or GH_TOKEN" : "GITLAB_TOKEN"
        throw ForgeError(
            .credentials, "there is no token for \(kind.name)", nextStep: "set \(names), with \(Self.needs(kind))")
    }

    /// What a token has to be allowed.
    static func needs(_ kind: ForgeKind) -> String {
        kind == .github
            ? "the permissions \"contents: write\" and \"pull-requests: write\" (a classic token: the scope \"repo\")"
            : "the scopes \"api\" and \"write_repository\" and at least the role of a Developer"
    }

    /// Whether it is the one of a GitLab job, which most of the API does not take.
    var isOfJob: Bool { variable == "CI_JOB_TOKEN" }

    /// The headers of the API.
    var headers: HTTPHeaders {
        switch kind {
        case .github:
            [
                "Accept": "application/vnd.github+json", "Authorization": "Bearer \(value)",
                "X-GitHub-Api-Version": "2022-11-28",
            ]
        case .gitlab:
            isOfJob
                ? ["Accept": "application/json", "JOB-TOKEN": value]
                : ["Accept": "application/json", "PRIVATE-TOKEN": value]
        }
    }

    /// The header with which git authorizes over HTTP.
    public var gitHeader: String {
        let user = kind == .github ? "x-access-token" : isOfJob ? "gitlab-ci-token" : "oauth2"
        return "Authorization: Basic " + Base64.encoded(Array("\(user):\(value)".utf8))
    }

    /// Hides it, and what others call secret in the environment, in texts.
    func mask(with others: [(name: String, value: String)]) -> SecretMask {
        SecretMask([(variable, value)] + others)
    }
}

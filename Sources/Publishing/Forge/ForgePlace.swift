public import Transport

/// What serves a repository and takes requests to merge.
public enum ForgeKind: String, Sendable, CaseIterable {
    // The names are those of the flag.
    case github, gitlab

    /// Its name.
    public var name: String { self == .github ? "GitHub" : "GitLab" }
    /// What a request to merge is called there.
    public var request: String { self == .github ? "pull request" : "merge request" }
    /// The sign before the number of one.
    public var sign: String { self == .github ? "#" : "!" }
}

/// The repository on a forge, and the API that speaks for it.
public struct ForgePlace: Sendable, Equatable {
    /// Which forge it is.
    public let kind: ForgeKind
    /// The beginning of the addresses of its API.
    public let api: Endpoint
    /// The name of the repository: owner and name on GitHub, the groups and the name on GitLab.
    public let project: String

    /// Finds the forge of a remote.
    ///
    /// The address decides. The variables that CI systems set (`GITHUB_API_URL`, `CI_API_V4_URL` and so on) count where
    /// they are about the same machine, or where the remote is a folder.
    ///
    /// - Parameters:
    ///   - kind: Which forge it is; nil to tell it from the name of the machine or the environment.
    ///   - remote: The name of the remote, for messages.
    public init(
        _ address: RemoteAddress, kind: ForgeKind?, environment: [String: String], remote: String
    ) throws(ForgeError) {
        let environment = environment.filter { !$0.value.isEmpty }
        guard let found = kind ?? Self.kind(of: address, environment) else {
            throw ForgeError(
                .usage, "cannot tell whether the remote \(remote) (\(address.plain)) is on GitHub or GitLab",
                nextStep: "say --forge github or --forge gitlab")
        }
        self.kind = found
        let text = try Self.api(found, address, environment, remote)
        do throws(TransportError) { api = try Endpoint(text) } catch {
            throw ForgeError(.usage, "the address of the API cannot be used: \(error.message)")
        }
        // Whoever names an address without TLS has said so; a remote alone has not.
        let isNamed = environment[Self.variable(of: found)] == text
        let isReadable = !api.isSecure && !api.isLoopback || address.scheme == .http && !address.isLoopback
        guard !isReadable || isNamed && !api.isSecure else {
            throw ForgeError(
                .usage, "the remote \(remote) (\(address.plain)) is not encrypted, and the token would be readable",
                nextStep: "use https, or say so with \(Self.variable(of: found))=\(text)")
        }
        guard let project = Self.project(found, address, api: api, environment) else {
            let example = found == .github ? "OWNER/NAME" : "GROUP/NAME"
            throw ForgeError(
                .usage, "the remote \(remote) (\(address.plain)) does not name a repository such as \(example)",
                nextStep: "name another with --remote")
        }
        self.project = project
    }

    private static func variable(of kind: ForgeKind) -> String {
        kind == .github ? "GITHUB_API_URL" : "CI_API_V4_URL"
    }

    private static func kind(of address: RemoteAddress, _ environment: [String: String]) -> ForgeKind? {
        let host = host(of: address)
        if host == "github.com" || host.hasSuffix(".ghe.com") { return .github }
        if host == "gitlab.com" { return .gitlab }
        let isHub = environment["GITHUB_API_URL"] != nil && isSame(host, server(.github, environment))
        let isLab = environment["CI_API_V4_URL"] != nil && isSame(host, server(.gitlab, environment))
        if isHub != isLab { return isHub ? .github : .gitlab }
        if host.contains("gitlab") { return .gitlab }
        return host.contains("github") ? .github : nil
    }

    /// The machine that the variables of a CI system are about; nil if they do not say it.
    private static func server(_ kind: ForgeKind, _ environment: [String: String]) -> String? {
        guard kind == .github else { return environment["CI_SERVER_HOST"] ?? host(of: environment["CI_SERVER_URL"]) }
        return host(of: environment["GITHUB_SERVER_URL"])
    }

    private static func host(of url: String?) -> String? { url.flatMap { RemoteAddress($0)?.host } }

    /// A folder is on no machine of a name, and whatever the variables say is about it.
    private static func isSame(_ host: String, _ server: String?) -> Bool {
        host.isEmpty || server == nil || server?.lowercased() == host
    }

    /// The machine's name; those that take ssh on the port of HTTPS have one of their own.
    private static func host(of address: RemoteAddress) -> String {
        switch address.host {
        case "ssh.github.com": "github.com"
        case "altssh.gitlab.com": "gitlab.com"
        default: address.host
        }
    }

    private static func api(
        _ kind: ForgeKind, _ address: RemoteAddress, _ environment: [String: String], _ remote: String
    ) throws(ForgeError) -> String {
        let host = host(of: address)
        if let url = environment[variable(of: kind)], isSame(host, server(kind, environment)) { return url }
        guard !host.isEmpty else {
            throw ForgeError(
                .usage, "the remote \(remote) (\(address.plain)) is a folder, and not on \(kind.name)",
                nextStep: "name another with --remote, or the API with \(variable(of: kind))")
        }
        if kind == .github, host == "github.com" { return "https://api.github.com" }
        if kind == .github, host.hasSuffix(".ghe.com") { return "https://api.\(host)" }
        // The port of ssh says nothing of the one of the API.
        let port = address.scheme == .ssh ? "" : address.port.map { ":\($0)" } ?? ""
        let scheme = address.scheme == .http ? "http" : "https"
        return "\(scheme)://\(host)\(port)/api/\(kind == .github ? "v3" : "v4")"
    }

    private static func project(
        _ kind: ForgeKind, _ address: RemoteAddress, api: Endpoint, _ environment: [String: String]
    ) -> String? {
        if address.scheme == .file {
            return valid(environment[kind == .github ? "GITHUB_REPOSITORY" : "CI_PROJECT_PATH"] ?? "", kind)
        }
        var path = address.decodedPath[...]
        // A server may be below a path, which is then in the addresses of HTTP, and not in those of ssh.
        let below = api.path.dropFirst().dropLast("/api/v4".count)
        if kind == .gitlab, address.scheme != .ssh, api.path.hasSuffix("/api/v4"), !below.isEmpty,
            path.hasPrefix(below + "/")
        {
            path = path.dropFirst(below.count + 1)
        }
        return valid(String(path), kind)
    }

    private static func valid(_ path: String, _ kind: ForgeKind) -> String? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = parts.allSatisfy { part in
            !part.isEmpty && part != "." && part != ".."
                && part.unicodeScalars.allSatisfy { scalar in
                    scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                        || "-._".unicodeScalars.contains(scalar)
                }
        }
        return isPlain && (kind == .github ? parts.count == 2 : parts.count >= 2) ? path : nil
    }
}

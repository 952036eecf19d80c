/// The proxy that the environment names for a server.
///
/// These are libcurl's rules, for WebSockets too, and one more: a loopback address is always reached directly.
public struct ProxySetting: Sendable, Equatable, CustomStringConvertible {
    /// The variable that names it.
    public let variable: String
    /// Its address as the variable has it, with user name and password.
    let url: String

    /// The proxy for a server, if any.
    ///
    /// For `wss` and `https` that is `https_proxy` or `HTTPS_PROXY`, for `ws` and `http` only `http_proxy` (a CGI
    /// program's `HTTP_PROXY` comes from a request), and for all of them `all_proxy` or `ALL_PROXY`. `no_proxy` or
    /// `NO_PROXY` list exceptions: `*`, a name with everything below it, an address or a block of them, each with an
    /// optional port.
    public static func select(for endpoint: Endpoint, environment: [String: String]) -> ProxySetting? {
        guard !endpoint.isLoopback, let setting = configured(for: endpoint, environment: environment) else {
            return nil
        }
        let exceptions = environment["no_proxy"] ?? environment["NO_PROXY"] ?? ""
        let entries = exceptions.split { $0 == "," || $0 == " " }
        return entries.contains { isException($0.lowercased(), endpoint) } ? nil : setting
    }

    /// The proxy for a server, whether or not it is an exception.
    public static func configured(for endpoint: Endpoint, environment: [String: String]) -> ProxySetting? {
        let own = endpoint.isSecure ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy"]
        for variable in own + ["all_proxy", "ALL_PROXY"] {
            if let url = environment[variable], !url.isEmpty { return ProxySetting(variable: variable, url: url) }
        }
        return nil
    }

    /// Its address without user name and password, and the variable.
    public var description: String {
        let (scheme, rest) = parts
        let authority = rest.prefix { $0 != "/" }
        let place = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        return "\(scheme)://\(place) from \(variable)"
    }

    /// What nobody is to read in a message: the user name with the password, and the password.
    public var secrets: [String] {
        let rest = parts.rest
        guard let end = rest.lastIndex(of: "@") else { return [] }
        let login = rest[..<end]
        let password = login.split(separator: ":", maxSplits: 1).dropFirst().first
        return [login, password].compactMap { $0 }.flatMap { [String($0), $0.percentDecoded ?? ""] }
    }

    private var parts: (scheme: Substring, rest: Substring) {
        guard let mark = url.firstRange(of: "://") else { return ("http", url[...]) }
        return (url[..<mark.lowerBound], url[mark.upperBound...])
    }

    private static func isException(_ entry: String, _ endpoint: Endpoint) -> Bool {
        if entry == "*" { return true }
        if let slash = entry.firstIndex(of: "/") {
            let (block, bits) = (IPAddress(String(entry[..<slash])), Int(entry[entry.index(after: slash)...]))
            guard let block, let bits, let address = IPAddress(endpoint.host) else { return false }
            return address.isIn(block, bits: bits)
        }
        var name = Substring(entry)
        if name.first == "[" || name.filter({ $0 == ":" }).count == 1 {
            guard let parsed = try? Endpoint("http://" + entry.drop { $0 == "." }) else { return false }
            if let colon = entry.lastIndex(of: ":"), entry.last != "]",
                colon > (entry.lastIndex(of: "]") ?? "".startIndex)
            {
                guard parsed.port == endpoint.port else { return false }
            }
            name = Substring(parsed.host)
        }
        name = name.drop { $0 == "." }
        return !name.isEmpty && (endpoint.host == name || endpoint.host.hasSuffix("." + name))
    }
}

/// The first lines of an HTTP request.
struct RequestHead: Sendable {
    var method = "GET"
    /// The path, without the query.
    var path = "/"
    /// The decoded arguments of the query, in order.
    var query: [(name: String, value: String)] = []
    /// Headers by lower-case name; only those that a client of the API sends.
    var headers: [String: String] = [:]

    var target: String {
        query.isEmpty ? path : path + "?" + query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
    }

    /// The headers without the key.
    var visibleHeaders: [String: String] { headers.filter { $0.key != "authorization" && $0.key != "api-key" } }

    func argument(_ name: String) -> String? { query.first { $0.name == name }?.value }

    /// Why the request may not be answered, if its key is missing or bad.
    var authorizationError: APIError? {
        guard let header = headers["authorization"], header.hasPrefix("Bearer "), header.utf8.count > 7 else {
            return APIError(
                "You didn't provide an API key. You need to provide your API key in an Authorization header using "
                    + "Bearer auth (i.e. Authorization: Bearer YOUR_KEY).", status: 401)
        }
        guard header.dropFirst(7).hasPrefix("sk-bad") else { return nil }
        return APIError("Incorrect API key provided: sk-bad***.", status: 401, code: "invalid_api_key")
    }
}

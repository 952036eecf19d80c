/// What a method and a path ask for; every path is there with and without `/v1`.
enum Route: Equatable {
    case create
    case retrieve(String)
    case delete(String)
    case inputItems(String)
    case cancel(String)
    case compact
    case inputTokens
    case models
    case model(String)

    /// Whether the path is that of a WebSocket upgrade.
    static func isUpgrade(_ path: String) -> Bool { segments(path) == ["responses"] }

    static func find(method: String, path: String) -> Result<Route, RouteError> {
        let segments = segments(path)
        let routes: [String: Route]
        switch (segments.first, segments.count) {
        case ("responses", 1): routes = ["POST": .create]
        case ("responses", 2) where segments[1] == "compact": routes = ["POST": .compact]
        case ("responses", 2) where segments[1] == "input_tokens": routes = ["POST": .inputTokens]
        case ("responses", 2): routes = ["GET": .retrieve(segments[1]), "DELETE": .delete(segments[1])]
        case ("responses", 3) where segments[2] == "cancel": routes = ["POST": .cancel(segments[1])]
        case ("responses", 3) where segments[2] == "input_items": routes = ["GET": .inputItems(segments[1])]
        case ("models", 1): routes = ["GET": .models]
        case ("models", 2): routes = ["GET": .model(segments[1])]
        default:
            return .failure(RouteError(error: APIError("Invalid URL (\(method) \(path))", status: 404)))
        }
        if let route = routes[method] { return .success(route) }
        return .failure(
            RouteError(
                error: APIError(
                    "Not allowed to \(method) on \(path).", status: 405, code: "method_not_supported")))
    }

    /// A path or method that is not there.
    struct RouteError: Error {
        let error: APIError
    }

    private static func segments(_ path: String) -> [String] {
        let segments = path.split(separator: "/").map(String.init)
        return segments.first == "v1" ? Array(segments.dropFirst()) : segments
    }
}

import JSON

/// The head of an HTTP answer.
enum HTTPHead {
    /// The head of a JSON answer; `request` is the number of the request in the log.
    static func json(status: Int, headers: [String: String], length: Int, request: Int) -> [UInt8] {
        bytes(status, headers, request, [("content-type", "application/json"), ("content-length", "\(length)")])
    }

    static func events(request: Int) -> [UInt8] {
        bytes(
            200, [:], request,
            [
                ("content-type", "text/event-stream; charset=utf-8"), ("cache-control", "no-cache"),
                ("transfer-encoding", "chunked"),
            ])
    }

    static func answer(status: Int, headers: [String: String], body: [UInt8], request: Int) -> [UInt8] {
        json(status: status, headers: headers, length: body.count, request: request) + body
    }

    private static func bytes(
        _ status: Int, _ given: [String: String], _ request: Int, _ own: [(String, String)]
    ) -> [UInt8] {
        var text = "HTTP/1.1 \(status) \(reasons[status] ?? "Status")\r\n"
        for (name, value) in own + given.sorted(by: { $0.key < $1.key }).map({ ($0.key, $0.value) }) {
            text += "\(name): \(value)\r\n"
        }
        return Array("\(text)x-request-id: req_\(request)\r\nopenai-version: 2020-10-01\r\n\r\n".utf8)
    }

    private static let reasons = [
        200: "OK", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
        405: "Method Not Allowed", 408: "Request Timeout", 409: "Conflict", 411: "Length Required",
        413: "Content Too Large", 422: "Unprocessable Content", 426: "Upgrade Required", 429: "Too Many Requests",
        500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
    ]
}

/// What is to be connected, and how.
struct WebSocketRequest: Sendable {
    let endpoint: Endpoint
    let headers: HTTPHeaders
    let options: WebSocketOptions
}

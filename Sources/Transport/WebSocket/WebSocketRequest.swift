/// The address and the options of a connection.
struct WebSocketRequest: Sendable {
    let endpoint: Endpoint
    let headers: HTTPHeaders
    let options: WebSocketOptions
}

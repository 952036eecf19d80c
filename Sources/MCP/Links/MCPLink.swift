import JSONRPC

/// The way to a server: carries messages in both directions.
///
/// What comes is given to the receiver that the link was made with, in order, from any thread.
protocol MCPLink: Sendable {
    /// Starts; messages may be sent from then on.
    func start() async throws(MCPError)

    /// Sends a message.
    ///
    /// - Throws: If it cannot be sent at all; what fails later is an event.
    func send(_ message: OutgoingMessage) throws(MCPError)

    /// Is told that nobody waits for the answer of a request any more.
    func abandon(_ id: RPCID)

    /// Is told which revision of the protocol is spoken, as soon as that is known.
    func agree(on era: MCPEra)

    /// Ends the connection, and the server with it if the link has started it.
    func close() async
}

extension MCPLink {
    func abandon(_ id: RPCID) {}
    func agree(on era: MCPEra) {}
}

/// A message to a server, with what its link needs to know of it.
struct OutgoingMessage: Sendable {
    /// The message on one line.
    var bytes: [UInt8]
    /// The id of a request; nil for other messages.
    var id: RPCID?
    /// The method; nil for an answer.
    var method: String?
    /// What the request is about: the name of a tool, the address of a resource.
    var name: String?
    /// Headers that parameters of a tool become, by name.
    var headers: [(name: String, value: String)] = []
}

/// What comes from a server.
enum LinkEvent: Sendable {
    /// A message.
    case message(RPCMessage)
    /// Something that is no message: how it begins, and how long it is.
    case noise(String, byteCount: Int)
    /// An answer that was larger than the limit, and dropped as it came.
    case oversized(RPCID?, byteCount: Int)
    /// A request that has come to nothing.
    case failed(RPCID, MCPError)
    /// The end of the link.
    case closed(MCPError)
}

extension LinkEvent {
    /// What has been read from bytes.
    init(_ message: Result<RPCMessage, RPCMessage.Fault>, _ bytes: [UInt8]) {
        switch message {
        case .success(let message): self = .message(message)
        case .failure(let fault):
            if let id = fault.id {
                self = .failed(id, MCPError(.invalid, "its answer cannot be read: \(fault.error.message.bounded(200))"))
            } else {
                self = .noise(String(decoding: bytes.prefix(200), as: UTF8.self), byteCount: bytes.count)
            }
        }
    }
}

/// The limits of what a server may send.
enum LinkLimits {
    /// The largest message, in bytes.
    static let message = 16 << 20
    /// What a server may send beside answers before it is ended, in bytes.
    static let noise = 64 << 20
    /// The lines that are no messages before it is ended.
    static let noiseLines = 10_000
}

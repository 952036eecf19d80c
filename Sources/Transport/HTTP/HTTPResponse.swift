/// An answer whose body was read whole.
public struct HTTPResponse: Sendable, Equatable {
    /// The status, whatever it is.
    public let status: Int
    /// The headers of the answer.
    public let headers: HTTPHeaders
    /// The body; at most the first 4 MiB of an answer that is not 2xx.
    public let body: [UInt8]
}

/// A 2xx answer whose body is still coming.
public struct HTTPStream: Sendable {
    /// The status, 200 to 299.
    public let status: Int
    /// The headers of the answer.
    public let headers: HTTPHeaders
    /// The body as it arrives.
    public let body: HTTPBody
}

/// The chunks of a body as they arrive, for one reader.
///
/// Releasing it aborts the transfer, and so does cancelling the task that waits for a chunk.
public final class HTTPBody: AsyncSequence, Sendable {
    private let transfer: HTTPTransfer
    private let client: HTTPClient

    init(_ transfer: HTTPTransfer, client: HTTPClient) {
        self.transfer = transfer
        self.client = client
    }

    deinit { client.abort(transfer) }

    /// Reads the chunks.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let body: HTTPBody

        /// Waits for the next chunk; nil at the end of a complete body.
        ///
        /// - Throws: `.closed` when the connection is cut before the end, `.timedOut`, `.cancelled`.
        public func next() async throws(TransportError) -> [UInt8]? { try await body.next() }

        /// The same, on the actor of the caller.
        ///
        /// - Throws: As ``next()``.
        public func next(isolation actor: isolated (any Actor)?) async throws(TransportError) -> [UInt8]? {
            try await body.next()
        }
    }

    /// Starts reading.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(body: self) }

    func next() async throws(TransportError) -> [UInt8]? {
        switch await transfer.body.take() {
        case .chunk(let bytes): return bytes
        case .end: return nil
        case .failed(let error): throw error
        case nil:
            client.abort(transfer)
            throw TransportError(.cancelled, "reading the answer of \(transfer.request.url.authority) was cancelled")
        }
    }
}

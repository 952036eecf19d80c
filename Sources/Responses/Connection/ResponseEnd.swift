public import JSON

/// How a response ended.
public struct ResponseEnd: Sendable {
    /// The response's id; empty where a server does not send one.
    public let id: ResponseID
    /// Completed, incomplete or failed.
    public var outcome: Outcome
    /// The tokens used; nil if the server does not say.
    public let usage: Usage?
    /// The output as repeated in the last event; may be empty.
    public let output: [Item]

    /// The ways a response ends.
    public enum Outcome: Sendable, Equatable {
        case completed
        /// Incomplete, with the server's reason, such as `max_output_tokens` or `content_filter`.
        case incomplete(reason: String)
        case failed(ProviderError)
    }

    /// Reads the `response` object of the last event, or of an answer that is not streamed.
    public init(_ response: JSON?, eventType: String? = nil) {
        id = ResponseID(response?["id"]?.string ?? "")
        usage = response?["usage"].flatMap { $0.kind == .object ? Usage($0) : nil }
        output = response?["output"]?.elements.map { Item($0) } ?? []
        let status = response?["status"]?.string ?? eventType?.split(separator: ".").last.map(String.init)
        switch status {
        case "failed":
            outcome = .failed(ProviderError(response: response))
        case "incomplete":
            outcome = .incomplete(reason: response?["incomplete_details"]?["reason"]?.string ?? "unknown")
        case "cancelled":
            outcome = .incomplete(reason: "cancelled")
        default:
            outcome = .completed
        }
    }
}

public import JSON

/// How a response ended.
public struct ResponseEnd: Sendable {
    /// The response's id; empty where a server does not send one.
    public let id: ResponseID
    /// Completed, cut short, or failed.
    public let outcome: Outcome
    /// What it cost, where the server says so.
    public let usage: Usage?
    /// The whole output as the last event repeats it; empty where it does not.
    public let output: [Item]

    /// The ways a response ends.
    public enum Outcome: Sendable, Equatable {
        case completed
        /// Cut short, with the server's reason, such as `max_output_tokens` or `content_filter`.
        case incomplete(reason: String)
        case failed(ProviderError)
    }

    /// Reads the `response` object of a last event, or of an answer without streaming.
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

/// What a document tells, in its order.
public enum XMLEvent: Sendable, Equatable {
    /// An element begins.
    case begin(String, attributes: [String: String])
    /// A piece of text; what stands between two tags may come in several.
    case text(String)
    /// An element ends.
    case end(String)
}

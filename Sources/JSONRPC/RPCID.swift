public import JSON

/// The id of a request, as its text in JSON: the number 1 and the string "1" are different ids.
public struct RPCID: Sendable, Hashable, CustomStringConvertible {
    /// The JSON text.
    let json: String

    /// Names a request by its number.
    public init(_ number: Int) { json = "\(number)" }

    /// Reads an id; nil for what is neither a string nor a number.
    public init?(_ value: JSON?) {
        switch value?.kind {
        // Some implementations answer 1 with 1.0.
        case .number: json = value?.int.map { "\($0)" } ?? value?.rawText ?? ""
        case .string: json = value?.rawText ?? ""
        default: return nil
        }
    }

    init(json: String) { self.json = json }

    /// The id as it is written.
    public var description: String { json }

    /// The id as a value of another message, such as that of a cancellation.
    public func write(into writer: inout JSONWriter) { writer.raw(json.utf8) }
}

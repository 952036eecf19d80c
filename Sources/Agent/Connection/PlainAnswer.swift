import JSON
import Responses

/// An answer over HTTP that is not streamed, although a stream was asked for: some servers know none.
struct PlainAnswer {
    /// The most bytes of one, as of an event.
    private static let byteLimit = 256 << 20

    private var bytes: [UInt8] = []
    private var isStream = false

    /// Takes the next bytes; a stream does not begin with a brace.
    mutating func feed(_ chunk: [UInt8]) {
        guard !isStream else { return }
        let start = bytes.isEmpty ? chunk.drop { $0 <= 0x20 } : chunk[...]
        isStream = bytes.isEmpty && start.first.map { $0 != UInt8(ascii: "{") } ?? false
        if !isStream, bytes.count + start.count <= Self.byteLimit { bytes += start }
    }

    /// What the whole of it says; nil where it is no answer of the API.
    var event: ServerEvent? {
        guard !isStream, !bytes.isEmpty, let json = try? JSON(bytes) else { return nil }  // a page, or cut off
        if json["output"]?.kind == .array { return .ended(ResponseEnd(json)) }
        guard let error = json["error"], !error.isNull else { return nil }
        return .failed(ProviderError(status: 200, body: bytes))
    }
}

import JSON
import Responses

extension Item {
    /// Writes the item as the bytes it is.
    ///
    /// An event is one line, so an item that came with line breaks between its tokens gets spaces there, and its
    /// exact bytes stand beside it as a string.
    func write(into writer: inout JSONWriter) {
        let isOneLine = !raw.contains { $0 == 0x0A || $0 == 0x0D }
        writer.key("item")
        writer.raw(isOneLine ? raw : raw.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 })
        // What is not UTF-8 has no string that says it; then only the line breaks are lost.
        if !isOneLine, let exact = String(validating: raw, as: UTF8.self) { writer.member("raw", exact) }
    }

    /// Reads the item of an event, byte for byte.
    init?(journal event: JSON) {
        guard let item = event["item"], item.kind == .object else { return nil }
        // What is no JSON cannot be what came.
        let exact = event["raw"]?.string.flatMap { try? JSON($0) }
        self.init(exact ?? item)
    }
}

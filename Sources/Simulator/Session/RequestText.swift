import JSON
import Responses

/// The text of a request, searchable for what a scenario expects.
///
/// A needle is looked for in the raw text and in every decoded string, so that it does not matter how a client
/// escapes.
struct RequestText {
    private let value: JSON

    init(_ value: JSON) {
        self.value = value
    }

    func contains(_ needle: String) -> Bool {
        let bytes = Array(needle.utf8)
        return Self.find(bytes, in: value.raw) || Self.anyString(in: value, contains: bytes)
    }

    private static func anyString(in value: JSON, contains needle: [UInt8]) -> Bool {
        switch value.kind {
        case .string:
            guard value.raw.contains(UInt8(ascii: "\\")), let string = value.string else { return false }
            return find(needle, in: Array(string.utf8)[...])
        case .array: return value.elements.contains { anyString(in: $0, contains: needle) }
        case .object: return value.members.contains { anyString(in: $0.value, contains: needle) }
        default: return false
        }
    }

    private static func find(_ needle: [UInt8], in text: ArraySlice<UInt8>) -> Bool {
        guard let first = needle.first else { return true }
        var rest = text
        while let start = rest.firstIndex(of: first) {
            if text[start...].starts(with: needle) { return true }
            rest = text[(start + 1)...]
        }
        return false
    }
}

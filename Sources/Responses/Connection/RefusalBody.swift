import JSON

/// The body of a refusal, read leniently (Responses API, "HTTP error body").
///
/// Servers and what stands before them answer with OpenAI's object, with an object that has only a text, with lists, with
/// the pages of proxies, with text in any encoding, or with nothing.
struct RefusalBody {
    /// The object that says what is wrong, if there is one.
    let error: JSON?
    /// What it says in words, in one line; may be empty.
    let message: String

    /// The most characters of a message.
    private static let messageLimit = 500

    init(_ body: [UInt8]) {
        let text = String(decoding: body.prefix(64 << 10), as: UTF8.self)
        let start = body.drop { $0 <= 0x20 }.prefix(3)
        let isMarked = start.elementsEqual([0xEF, 0xBB, 0xBF])
        guard let json = try? JSON(isMarked ? Array(body.drop { $0 <= 0x20 }.dropFirst(3)) : body) else {
            error = nil
            message = Self.line(Self.visible(text))
            return
        }
        error = Self.object(in: json)
        message = Self.line(error.flatMap(Self.sentence) ?? Self.sentence(json) ?? Self.bare(json))
    }

    /// The object with the members of an error: `error` itself, or the first of a list.
    private static func object(in json: JSON) -> JSON? {
        if json.kind == .array { return json.elements.lazy.compactMap { object(in: $0) }.first }
        guard json.kind == .object else { return nil }
        for name in ["error", "errors", "detail"] {
            guard let inner = json[name] else { continue }
            if inner.kind == .object { return object(in: inner) ?? inner }
            if inner.kind == .array, let first = inner.elements.lazy.compactMap({ object(in: $0) }).first {
                return first
            }
        }
        return json
    }

    /// What a value says: a text, or the first of its members that does.
    static func sentence(_ json: JSON) -> String? {
        switch json.kind {
        case .string: return json.string
        case .array:
            let parts = json.elements.compactMap(sentence)
            return parts.isEmpty ? nil : parts.joined(separator: "; ")
        case .object:
            for name in ["message", "msg", "error", "detail", "error_description", "title", "errors"] {
                if let text = json[name].flatMap(sentence), !text.isEmpty { return text }
            }
            return nil
        default: return nil
        }
    }

    /// A value that says nothing in words, unless it is empty.
    private static func bare(_ json: JSON) -> String {
        var (members, elements) = (json.members, json.elements)
        return members.next() == nil && elements.next() == nil ? "" : json.rawText
    }

    /// The words of a page without its tags: its title if it has one.
    private static func visible(_ text: String) -> String {
        let lower = text.lowercased()
        guard lower.contains("<html") || lower.contains("<!doctype") || lower.contains("<head") else { return text }
        if let title = text.firstMatch(of: #/(?is)<title[^>]*>(.*?)</title>/#) { return String(title.1) }
        return text.replacing(#/(?is)<(script|style).*?</\1>|<[^>]*>/#, with: " ")
    }

    /// A text in one line without control characters.
    private static func line(_ text: String) -> String {
        let words = text.split {
            $0.isWhitespace || $0.unicodeScalars.allSatisfy { $0.value < 0x20 || $0.value == 0x7F }
        }
        return String(words.joined(separator: " ").prefix(messageLimit))
    }
}

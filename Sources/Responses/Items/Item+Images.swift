import JSON

extension Item {
    /// The strings that hold pictures: of messages, of answers with parts, and of screenshots.
    private static func pictures(in json: JSON) -> [JSON] {
        var found: [JSON] = []
        for name in ["content", "output"] {
            guard let value = json[name] else { continue }
            let parts = value.kind == .object ? [value] : value.kind == .array ? Array(value.elements) : []
            found += parts.compactMap { part in
                guard part.kind == .object, let url = part["image_url"], url.kind == .string else { return nil }
                return url
            }
        }
        return found
    }

    /// The words for the pictures of a message or an answer, in order; never their content.
    public var pictureWords: [String] {
        guard type == "message" || isOutput, let json else { return [] }
        return Self.pictures(in: json).compactMap { $0.string.map(Picture.word(for:)) }
    }

    /// Makes a message: role `developer` for rules and facts, `user` for the words of a person and the pictures behind
    /// them.
    public static func message(role: String, text: String, pictures: [Picture] = []) -> Item {
        message(role: role, parts: [.text(text)] + pictures.map { .image(url: $0.dataURL) })
    }
}

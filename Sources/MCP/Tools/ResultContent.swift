import JSON
import Text

/// What a server answers to a call, for the model: texts and images, within limits.
struct ResultContent: Sendable {
    /// A part of it.
    enum Part: Sendable, Equatable {
        case text(String)
        /// The address of an image: its bytes (`data:`).
        case image(String)
    }

    /// The parts, in the server's order.
    private(set) var parts: [Part] = []
    /// Whether the tool says that it failed.
    let isError: Bool

    /// The largest image, in bytes of base64.
    static let imageLimit = 8 << 20
    /// The most text that is kept, in bytes.
    static let textLimit = 512 * 1024
    private static let partLimit = 200

    /// What Graft has made of lists.
    init(text: String) { (parts, isError) = ([.text(text)], false) }

    /// Reads a result of `tools/call`.
    ///
    /// - Parameter mask: Hides secrets in its texts.
    init(_ result: JSON, mask: SecretMask) {
        isError = result["isError"]?.bool == true
        let content = result["content"].map { Array($0.elements) } ?? []
        for item in content.prefix(Self.partLimit) { parts.append(Self.part(item)) }
        if content.count > Self.partLimit {
            parts.append(.text("[\(content.count - Self.partLimit) more parts were left out]"))
        }
        addStructured(result["structuredContent"])
        if parts.isEmpty { parts = [.text(isError ? "the tool failed, and says nothing" : "[done; it says nothing]")] }
        hideSecrets(mask)
    }

    /// Reads a result of `resources/read`.
    init(resources result: JSON, mask: SecretMask) {
        isError = false
        parts = result["contents"].map { $0.elements.prefix(Self.partLimit).map(Self.resource) } ?? []
        if parts.isEmpty { parts = [.text("[the resource is empty]")] }
        hideSecrets(mask)
    }

    /// Masks the texts, and cuts what is longer than anybody reads.
    private mutating func hideSecrets(_ mask: SecretMask) {
        var room = Self.textLimit
        for index in parts.indices {
            guard case .text(var text) = parts[index] else { continue }
            let count = text.utf8.count
            if count > room {
                text = String(decoding: text.utf8.prefix(room), as: UTF8.self)
                text += "\n[\((count - room).spelledAsBytes) of the answer were left out here]"
            }
            room -= min(room, count)
            parts[index] = .text(mask.masked(text))
        }
    }

    /// All texts, one behind the other.
    var text: String {
        parts.map { if case .text(let text) = $0 { text } else { "[an image]" } }.joined(separator: "\n")
    }

    /// Adds what is for machines, unless a text says the same.
    private mutating func addStructured(_ structured: JSON?) {
        guard let structured, !structured.isNull else { return }
        let isSaid = parts.contains { part in
            guard case .text(let text) = part, let first = text.utf8.first(where: { $0 > 0x20 }) else { return false }
            // Servers are to say it as a text, too (2025-06-18, "Structured content").
            return first == UInt8(ascii: "{") || first == UInt8(ascii: "[") || text == structured["result"]?.string
        }
        if !isSaid { parts.append(.text(structured.rawText)) }
    }

    private static func part(_ item: JSON) -> Part {
        switch item["type"]?.string {
        case "text": .text(item["text"]?.string ?? "")
        case "image": image(item["data"]?.string, item["mimeType"]?.string)
        case "audio": .text("[audio, \(size(item["data"])), which is not shown]")
        case "resource_link":
            .text(
                [
                    "[resource \(item["uri"]?.string ?? "without an address")", item["name"]?.string,
                    item["description"]?.string,
                ]
                .compactMap { $0 }.joined(separator: ": ") + "]")
        case "resource": item["resource"].map(resource) ?? .text("[a resource without content]")
        case let type: .text("[content of the kind \((type ?? "none").bounded(40).quotedLine), which is not known]")
        }
    }

    private static func resource(_ resource: JSON) -> Part {
        if let text = resource["text"]?.string { return .text(text) }
        let type = resource["mimeType"]?.string ?? ""
        if type.hasPrefix("image/") { return image(resource["blob"]?.string, type) }
        return .text("[\(size(resource["blob"])) of the type \(type.bounded(60).quotedLine), which are not shown]")
    }

    private static func image(_ data: String?, _ type: String?) -> Part {
        guard let data, !data.isEmpty else { return .text("[an image without content]") }
        guard data.utf8.count <= imageLimit else {
            return .text("[an image of \((data.utf8.count / 4 * 3).spelledAsBytes), which is too large to be shown]")
        }
        guard let start = Base64.beginning(of: data), let found = ImageKind(start), data.utf8.allSatisfy(isBase64)
        else {
            return .text(
                "[said to be an image of the type \((type ?? "").bounded(60).quotedLine), and none that is known]")
        }
        return .image("data:\(found.rawValue);base64,\(data)")
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        0x30...0x39 ~= byte || 0x41...0x5A ~= byte || 0x61...0x7A ~= byte || byte == UInt8(ascii: "+")
            || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "=")
    }

    private static func size(_ data: JSON?) -> String { ((data?.string?.utf8.count ?? 0) / 4 * 3).spelledAsBytes }
}

/// The kinds of image that a model can see, told by their first bytes and not by what others say.
enum ImageKind: String {
    case png = "image/png"
    case jpeg = "image/jpeg"
    case gif = "image/gif"
    case webp = "image/webp"

    init?(_ start: [UInt8]) {
        if start.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if start.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if start.starts(with: Array("GIF8".utf8)) {
            self = .gif
        } else if start.starts(with: Array("RIFF".utf8)), start.dropFirst(8).starts(with: Array("WEBP".utf8)) {
            self = .webp
        } else {
            return nil
        }
    }
}

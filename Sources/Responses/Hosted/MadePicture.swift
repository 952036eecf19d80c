import JSON

/// A picture that a tool of the server made: what it is is told by its bytes.
public struct MadePicture: Sendable, Equatable {
    /// The file as it is.
    public let bytes: [UInt8]
    /// The end of a name for it, such as `png`.
    public let fileType: String

    /// The most bytes of a picture that is kept.
    public static let byteLimit = 50_000_000

    /// Decodes base64.
    ///
    /// - Throws: `Picture.Trouble` for what is no picture.
    init(base64 text: String) throws(Picture.Trouble) {
        let size = text.utf8.count / 4 * 3
        guard size <= Self.byteLimit else { throw .tooLarge(bytes: size) }
        guard let bytes = Base64.bytes(of: text) else { throw .notAPicture("no base64") }
        try self.init(bytes)
    }

    /// Looks at a whole file.
    ///
    /// - Throws: `Picture.Trouble` for what is no picture.
    public init(_ bytes: [UInt8]) throws(Picture.Trouble) {
        do throws(Picture.Trouble) {
            fileType = try PictureHeader(bytes).format.rawValue.lowercased()
        } catch {
            guard Self.isSVG(bytes) else { throw error }
            fileType = "svg"
        }
        self.bytes = bytes
    }

    /// The picture as a `data:` URL.
    public var dataURL: String {
        "data:image/\(fileType == "svg" ? "svg+xml" : fileType);base64,\(Base64.text(of: bytes))"
    }

    private static func isSVG(_ bytes: [UInt8]) -> Bool {
        String(decoding: bytes.prefix(1024), as: UTF8.self).contains("<svg") && !bytes.contains(0)
    }

    /// The pictures in an item of the server, in order; those that are none with the reason.
    public static func all(in item: Item) -> [Result<MadePicture, Picture.Trouble>] {
        texts(in: item).map { text in
            do throws(Picture.Trouble) { return .success(try MadePicture(base64: text)) } catch {
                return .failure(error)
            }
        }
    }

    private static func texts(in item: Item) -> [String] {
        switch HostedType(rawValue: item.type) {
        case .imageGeneration: return [item.json?["result"]?.string].compactMap(\.self)
        case .codeInterpreter:
            guard let outputs = item.json?["outputs"], outputs.kind == .array else { return [] }
            return outputs.elements.compactMap { output in
                guard let url = output["url"]?.string, url.hasPrefix("data:image/"),
                    let start = url.utf8.firstIndex(of: UInt8(ascii: ","))
                else { return nil }
                return String(url[url.utf8.index(after: start)...])
            }
        default: return []
        }
    }
}

extension Item {
    /// The bytes of the item for a server that gets the whole history again: the picture that it has made itself is
    /// left out, as the API allows (`ImageGenerationCall.result` may be null).
    var resent: [UInt8] {
        guard type == HostedType.imageGeneration.rawValue, let json, json["result"]?.kind == .string else { return raw }
        var writer = JSONWriter(capacity: 512)
        writer.object {
            for member in json.members {
                $0.key(member.key)
                if member.key == "result" { $0.raw("null".utf8) } else { $0.value(member.value) }
            }
        }
        return writer.bytes
    }
}

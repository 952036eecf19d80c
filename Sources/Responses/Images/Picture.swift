/// A picture that a model can be shown: what it is is told by its bytes, never by a name.
public struct Picture: Sendable, Equatable {
    /// The kinds of picture that the API takes (Images and vision guide).
    public enum Format: String, Sendable, CaseIterable {
        case png = "PNG"
        case jpeg = "JPEG"
        case gif = "GIF"
        case webp = "WebP"

        /// The media type in a data URL.
        var mediaType: String { "image/\(rawValue.lowercased())" }
    }

    /// Why bytes are no picture that can be shown.
    public enum Trouble: Error, Equatable {
        /// They are something else; in words what, where that is known.
        case notAPicture(String?)
        /// They begin as a picture and end too soon.
        case cutOff(Format)
        /// It moves.
        case animated(Format)
        /// It has more bytes than a request takes.
        case tooLarge(bytes: Int)
        /// It has more pixels than are of use to anybody.
        case tooManyPixels(width: Int, height: Int)

        /// What is wrong, to stand behind the name of a file, and what to do about it.
        public var words: String {
            switch self {
            case .notAPicture(let kind): "is \(kind ?? "no picture"); the model can be shown PNG, JPEG, GIF and WebP"
            case .cutOff(let format): "is a \(format.rawValue) that is cut off or damaged"
            case .animated(let format): "is a \(format.rawValue) that moves; save one picture of it"
            case .tooLarge(let bytes): "has \(bytes) bytes, and \(Picture.byteLimit) are the most; make it smaller"
            case .tooManyPixels(let width, let height):
                "has \(width)×\(height) pixels, and \(Picture.pixelLimit / 1_000_000) million are the most; make it smaller"
            }
        }
    }

    /// The most bytes: as base64 a picture must fit into the 20,971,520 characters of an `image_url` (Responses API,
    /// item types).
    public static let byteLimit = 15_000_000
    /// The most pixels: far more than the API makes use of, and few enough that no reader runs out of memory.
    public static let pixelLimit = 50_000_000

    /// What it is.
    public let format: Format
    /// How many columns of pixels it has.
    public let width: Int
    /// How many rows of pixels it has.
    public let height: Int
    /// The file as it is.
    public let bytes: [UInt8]

    /// Looks at a whole file.
    public init(_ bytes: [UInt8]) throws(Trouble) {
        guard bytes.count <= Self.byteLimit else { throw .tooLarge(bytes: bytes.count) }
        let header = try PictureHeader(bytes)
        guard header.width > 0, header.height > 0 else { throw .cutOff(header.format) }
        let (pixels, isTooMuch) = header.width.multipliedReportingOverflow(by: header.height)
        guard !isTooMuch, pixels <= Self.pixelLimit else {
            throw .tooManyPixels(width: header.width, height: header.height)
        }
        guard !header.isAnimated else { throw .animated(header.format) }
        (format, width, height) = (header.format, header.width, header.height)
        self.bytes = bytes
    }

    /// The picture as a `data:` URL.
    public var dataURL: String { "data:\(format.mediaType);base64,\(Base64.text(of: bytes))" }

    /// What it is, in words without its content: `PNG, 640×480`.
    public var summary: String { "\(format.rawValue), \(width)×\(height)" }

    /// What a URL holds, in a word for people: the kind, and how many bytes; never the content.
    public static func word(for url: String) -> String {
        guard url.hasPrefix("data:"), let comma = url.utf8.firstIndex(of: UInt8(ascii: ",")) else {
            return "[image: \(url.prefix(200))]"
        }
        let head = url[..<comma].dropFirst(5).split(separator: ";").first ?? ""
        let name = Format.allCases.first { $0.mediaType == head }?.rawValue ?? String(head.prefix(40))
        return "[image: \(name), \(url.utf8[comma...].dropFirst().count / 4 * 3) bytes]"
    }
}

/// Writes and reads base64 (RFC 4648, 4).
enum Base64 {
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    /// The value of each letter; 255 for what is none.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, letter) in letters.enumerated() { values[Int(letter)] = UInt8(value) }
        return values
    }()

    /// The bytes that a text stands for; nil for what is no base64. Line breaks are passed over.
    static func bytes(of text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count / 4 * 3)
        var (group, count, padding): (UInt32, Int, Int) = (0, 0, 0)
        for byte in text.utf8 where byte != 0x0A && byte != 0x0D {
            if byte == UInt8(ascii: "=") {
                padding += 1
                continue
            }
            let value = values[Int(byte)]
            guard value != 255, padding == 0 else { return nil }
            group = group << 6 | UInt32(value)
            count += 1
            guard count % 4 == 0 else { continue }
            bytes += [UInt8(group >> 16 & 255), UInt8(group >> 8 & 255), UInt8(group & 255)]
        }
        switch count % 4 {
        case 0: return padding == 0 ? bytes : nil
        case 1: return nil
        case 2: bytes.append(UInt8(group >> 4 & 255))
        default: bytes += [UInt8(group >> 10 & 255), UInt8(group >> 2 & 255)]
        }
        // What is missing at the end does no harm, and some servers leave it out.
        return padding == 0 || (count + padding) % 4 == 0 ? bytes : nil
    }

    static func text(of bytes: [UInt8]) -> String {
        let count = (bytes.count + 2) / 3 * 4
        return String(unsafeUninitializedCapacity: count) { text in
            var place = 0
            for start in stride(from: 0, to: bytes.count, by: 3) {
                let group = bytes[start..<min(start + 3, bytes.count)]
                var value = 0
                for byte in group { value = value << 8 | Int(byte) }
                value <<= 8 * (3 - group.count)
                for digit in 0..<4 {
                    let isFilled = digit <= group.count
                    text[place] = isFilled ? letters[value >> (18 - 6 * digit) & 63] : UInt8(ascii: "=")
                    place += 1
                }
            }
            return count
        }
    }
}

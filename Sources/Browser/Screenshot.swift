/// A picture of what is seen of a page.
public struct Screenshot: Sendable, Equatable {
    /// The picture in base64.
    public let base64: String
    let format: ImageFormat

    /// What it is, such as `image/png`.
    public var mediaType: String { "image/\(format.rawValue)" }
    /// The end of a file's name.
    public var fileExtension: String { format == .png ? "png" : "jpg" }
    /// The picture as an address.
    public var dataURL: String { "data:\(mediaType);base64,\(base64)" }

    /// The picture's file.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(base64.utf8.count / 4 * 3)
        var (bits, count) = (UInt32(0), 0)
        for character in base64.utf8 {
            let value: UInt8
            switch character {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = character - UInt8(ascii: "A")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = character - UInt8(ascii: "a") + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = character - UInt8(ascii: "0") + 52
            case UInt8(ascii: "+"): value = 62
            case UInt8(ascii: "/"): value = 63
            default: continue
            }
            (bits, count) = (bits << 6 | UInt32(value), count + 6)
            guard count >= 8 else { continue }
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        }
        return bytes
    }
}

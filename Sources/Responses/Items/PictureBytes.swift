import Glibc
import JSON

/// Pictures within the JSON of an item: data URLs, which are far longer than what a model makes of them.
enum PictureBytes {
    /// What a usual picture of a screen costs, in tokens.
    private static let tokensEach = 1500
    private static let start = Array(#""data:image/"#.utf8)
    private static let quote = UInt8(ascii: "\"")

    /// The estimated number of tokens of an item.
    static func tokens(in bytes: [UInt8]) -> Int {
        let (count, size) = pictures(in: bytes)
        return (bytes.count - size) / 4 + 1 + count * tokensEach
    }

    /// The estimated number of tokens of an item that may hold a picture as bare base64.
    static func tokens(in bytes: [UInt8], of type: String, _ json: JSON) -> Int {
        let estimate = tokens(in: bytes)
        guard type == HostedType.imageGeneration.rawValue, let picture = json["result"], picture.kind == .string,
            picture.raw.count > tokensEach * 4
        else { return estimate }
        return estimate - picture.raw.count / 4 + tokensEach
    }

    /// How many pictures there are, and how many bytes they take.
    private static func pictures(in bytes: [UInt8]) -> (count: Int, size: Int) {
        // What is shorter costs no more than a picture anyway.
        guard bytes.count > tokensEach * 4 else { return (0, 0) }
        return bytes.withUnsafeBytes { all in
            guard let base = all.baseAddress else { return (0, 0) }
            func next(_ byte: UInt8, from position: Int) -> Int? {
                memchr(base + position, Int32(byte), all.count - position).map { UnsafeRawPointer($0) - base }
            }
            var (count, size, position) = (0, 0, 0)
            while let first = next(quote, from: position) {
                position = first + 1
                guard all[first...].starts(with: start), let last = next(quote, from: position) else { continue }
                (count, size, position) = (count + 1, size + last - position, last)
            }
            return (count, size)
        }
    }
}

import JSON
import Testing

@testable import Responses

/// What counts as a picture, told by its bytes.
@Suite struct `A picture` {
    static func big(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    static func little(_ value: Int, _ count: Int) -> [UInt8] { big(value, count).reversed() }

    static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
        big(data.count, 4) + Array(name.utf8) + data + [0, 0, 0, 0]
    }

    static func png(_ width: Int, _ height: Int, frames: Int = 1, end: Bool = true) -> [UInt8] {
        var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        bytes += chunk("IHDR", big(width, 4) + big(height, 4) + [8, 2, 0, 0, 0])
        if frames > 1 { bytes += chunk("acTL", big(frames, 4) + big(0, 4)) }
        bytes += chunk("IDAT", [1, 2, 3])
        if end { bytes += chunk("IEND", []) }
        return bytes
    }

    static func jpeg(_ width: Int, _ height: Int, end: [UInt8] = [0xFF, 0xD9]) -> [UInt8] {
        var bytes: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xFF, 0xC2, 0, 11, 8]
        bytes += big(height, 2) + big(width, 2) + [1, 0, 0, 0]
        bytes += [0xFF, 0xDA, 0, 4, 1, 2, 9, 9, 9]
        return bytes + end
    }

    static func gif(_ width: Int, _ height: Int, pictures: Int = 1, end: Bool = true) -> [UInt8] {
        var bytes = Array("GIF89a".utf8)
        bytes += little(width, 2) + little(height, 2) + [0x80, 0, 0]
        bytes += [UInt8](repeating: 0, count: 6) + [0x21, 0xF9, 4, 0, 0, 0, 0, 0]
        for _ in 0..<pictures {
            bytes += [0x2C] + little(0, 4) + little(width, 2) + little(height, 2)
            bytes += [0, 2, 2, 0x44, 1, 0]
        }
        if end { bytes.append(0x3B) }
        return bytes
    }

    static func webp(_ name: String, _ data: [UInt8]) -> [UInt8] {
        let body = Array("WEBP".utf8) + Array(name.utf8) + little(data.count, 4) + data
        return Array("RIFF".utf8) + little(body.count, 4) + body
    }

    static let shown: [([UInt8], Picture.Format)] = [
        (png(640, 480), .png), (jpeg(640, 480), .jpeg), (jpeg(640, 480, end: [0xFF, 0xD9, 7, 7]), .jpeg),
        (gif(640, 480), .gif), (webp("VP8X", [0, 0, 0, 0] + little(639, 3) + little(479, 3)), .webp),
        (webp("VP8L", [0x2F] + little(639 | 479 << 14, 4) + [0, 0, 0, 0, 0]), .webp),
        (webp("VP8 ", [0, 0, 0, 0x9D, 0x01, 0x2A] + little(640, 2) + little(480 | 1 << 14, 2)), .webp),
    ]

    @Test(arguments: shown) func `is known by what it is, with its size`(
        _ bytes: [UInt8], _ format: Picture.Format
    ) throws {
        let picture = try Picture(bytes)
        #expect(picture.format == format && picture.width == 640 && picture.height == 480)
        #expect(picture.summary == "\(format.rawValue), 640×480")
        #expect(picture.dataURL.hasPrefix("data:image/\(format.rawValue.lowercased());base64,"))
    }

    static let refused: [([UInt8], String)] = [
        ([], "is empty"), (Array("hello there, this is text".utf8), "is text"), ([0, 1, 2, 3], "is no picture"),
        (Array("<?xml version='1.0'?>\n<svg/>".utf8), "is an SVG"), (Array("BM12345678".utf8), "is a BMP"),
        (Array("version https://git-lfs.github.com/spec/v1\n".utf8), "pointer of git LFS"),
        (png(640, 480, end: false), "is a PNG that is cut off"), (Array(png(640, 480).prefix(20)), "cut off"),
        (png(0, 480), "damaged"), (png(640, 480, frames: 3), "that moves"),
        (jpeg(640, 480, end: []), "is a JPEG that is cut"),
        (Array(jpeg(640, 480).prefix(12)), "cut off"), (jpeg(0, 0), "damaged"),
        ([0xFF, 0xD8, 0xFF], "is a JPEG that is cut off"), (gif(640, 480, end: false), "is a GIF that is cut off"),
        (gif(640, 480, pictures: 0), "cut off"), (gif(640, 480, pictures: 2), "is a GIF that moves"),
        (Array("RIFF\u{4}\0\0\0WEBP".utf8), "is a WebP that is cut off"),
        (webp("VP8X", [2, 0, 0, 0] + little(639, 3) + little(479, 3)), "is a WebP that moves"),
        (webp("ABCD", [UInt8](repeating: 0, count: 30)), "damaged"),
        (png(100_000, 100_000), "100000×100000 pixels"),
        (png(0xFFFF_FFFF, 0xFFFF_FFFF), "million are the most"),
    ]

    @Test(arguments: refused) func `that is none is told in words`(_ bytes: [UInt8], _ words: String) {
        do throws(Picture.Trouble) {
            _ = try Picture(bytes)
            Issue.record("taken")
        } catch { #expect(error.words.contains(words), "\(error.words)") }
    }

    @Test func `has a limit of bytes`() {
        #expect(throws: Picture.Trouble.tooLarge(bytes: Picture.byteLimit + 1)) {
            try Picture([UInt8](repeating: 0, count: Picture.byteLimit + 1))
        }
        // What fits must fit into the API's field.
        #expect(Picture.byteLimit / 3 * 4 + 100 < 20_971_520)
    }

    @Test func `that is cut or changed anywhere traps nobody`() {
        let whole = [
            Self.png(3, 3), Self.jpeg(3, 3), Self.gif(3, 3), Self.webp("VP8X", [UInt8](repeating: 0, count: 10)),
        ]
        for bytes in whole {
            for end in bytes.indices { _ = try? Picture(Array(bytes[..<end])) }
            for place in bytes.indices {
                for value in [UInt8(0), 1, 0x7F, 0x80, 0xFF] {
                    var changed = bytes
                    changed[place] = value
                    _ = try? Picture(changed)
                }
            }
        }
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
    ])
    func `is written as base64`(_ text: String, _ code: String) { #expect(Base64.text(of: Array(text.utf8)) == code) }

    @Test func `is a short word to people`() throws {
        let picture = try Picture(Self.png(2, 2))
        #expect(Picture.word(for: picture.dataURL) == "[image: PNG, 60 bytes]")
        #expect(Picture.word(for: "https://x/y.png") == "[image: https://x/y.png]")
        let message = Item.message(role: "user", text: "Look.", pictures: [picture])
        #expect(message.pictureWords == ["[image: PNG, 60 bytes]"] && message.messageText == "Look.")
    }

    @Test func `costs what a picture costs, not what its bytes would`() throws {
        let url = "data:image/png;base64," + String(repeating: "A", count: 400_000)
        let call = try #require(
            ToolCall(try Item(Array(#"{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}"#.utf8))))
        let answer = ToolAnswer.content([.text("One."), .image(url: url)]).adding(["And."])
        let item = answer.item(for: call)
        #expect(item.tokenEstimate < 1600 && item.byteCount > 400_000)
        #expect(try Item(item.raw).tokenEstimate == item.tokenEstimate)
        #expect(answer.text == "One.\n[image: PNG, 300000 bytes]\n[And.]\n")
        let plain = try #require(ProviderProfile.compatible.replayed(item)?.json)
        #expect(plain["output"]?.string == "One.\n[a picture, which this server cannot show you]\n[And.]\n")
    }
}

/// What the parts of a picture's file say about it; no pixel is read.
///
/// The parts are walked to the end, so that a file that is cut off is known before a server refuses it.
struct PictureHeader {
    let format: Picture.Format
    private(set) var width = 0
    private(set) var height = 0
    private(set) var isAnimated = false

    init(_ bytes: [UInt8]) throws(Picture.Trouble) {
        let file = FileBytes(bytes)
        if file.has([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], at: 0) {
            format = .png
            guard readPNG(file) else { throw .cutOff(.png) }
        } else if file.has([0xFF, 0xD8, 0xFF], at: 0) {
            format = .jpeg
            guard readJPEG(file) else { throw .cutOff(.jpeg) }
        } else if file.has("GIF87a", at: 0) || file.has("GIF89a", at: 0) {
            format = .gif
            guard readGIF(file) else { throw .cutOff(.gif) }
        } else if file.has("RIFF", at: 0), file.has("WEBP", at: 8) {
            format = .webp
            guard readWebP(file) else { throw .cutOff(.webp) }
        } else {
            throw .notAPicture(Self.kind(of: file))
        }
    }

    /// What else it is, as far as that helps a person.
    private static func kind(of file: FileBytes) -> String? {
        if file.bytes.isEmpty { return "empty" }
        for (mark, offset, name) in [
            ("BM", 0, "a BMP"), ("II*\0", 0, "a TIFF"), ("MM\0*", 0, "a TIFF"), ("%PDF", 0, "a PDF"),
            ("ftypavif", 4, "an AVIF"), ("ftyphei", 4, "a HEIF picture"), ("ftypmif1", 4, "a HEIF picture"),
            ("\0\0\u{1}\0", 0, "an icon (ICO)"), ("version https://git-lfs", 0, "a pointer of git LFS, not the file"),
        ] where file.has(mark, at: offset) { return name }
        let start = file.bytes.prefix(1024)
        if String(decoding: start, as: UTF8.self).contains("<svg") { return "an SVG, which is text" }
        return start.contains(0) || String(validating: start.dropLast(4), as: UTF8.self) == nil ? nil : "text"
    }

    /// PNG, 11.2: chunks of a length, a type, data and a checksum, from IHDR to IEND.
    private mutating func readPNG(_ file: FileBytes) -> Bool {
        guard file.has("IHDR", at: 12), let columns = file.big(4, at: 16), let rows = file.big(4, at: 20) else {
            return false
        }
        (width, height) = (columns, rows)
        var place = 8
        var hasData = false
        while let length = file.big(4, at: place), length <= Int32.max, place + 12 + length <= file.bytes.count {
            if file.has("acTL", at: place + 4), let frames = file.big(4, at: place + 8), frames > 1 {
                isAnimated = true
            }
            if file.has("IDAT", at: place + 4) { hasData = true }
            if file.has("IEND", at: place + 4) { return hasData }
            place += 12 + length
        }
        return false
    }

    /// JPEG (ISO/IEC 10918-1, B.1): segments with a marker and a length up to the scan, whose end has a marker, too.
    private mutating func readJPEG(_ file: FileBytes) -> Bool {
        var place = 2
        while file.byte(place) == 0xFF {
            guard let marker = file.byte(place + 1) else { return false }
            if marker == 0xFF {
                place += 1
                continue
            }
            if marker == 0xD9 { return false }
            if marker == 0xDA {
                // What some cameras put behind the end does not matter.
                let end = file.bytes[place...].indices.reversed().first {
                    file.bytes[$0] == 0xD9 && file.bytes[$0 - 1] == 0xFF
                }
                return width > 0 && end.map { $0 > place + 4 } == true
            }
            if 0xD0...0xD8 ~= marker || marker == 0x01 {
                place += 2
                continue
            }
            guard let length = file.big(2, at: place + 2), length >= 2 else { return false }
            if 0xC0...0xCF ~= marker, ![0xC4, 0xC8, 0xCC].contains(marker) {
                guard let rows = file.big(2, at: place + 5), let columns = file.big(2, at: place + 7) else {
                    return false
                }
                (width, height) = (columns, rows)
            }
            place += 2 + length
        }
        return false
    }

    /// GIF89a, 17–27: a screen, then blocks; each picture has a descriptor and data in pieces.
    private mutating func readGIF(_ file: FileBytes) -> Bool {
        guard let columns = file.little(2, at: 6), let rows = file.little(2, at: 8), let flags = file.byte(10) else {
            return false
        }
        (width, height) = (columns, rows)
        var place = 13 + Self.colours(flags)
        var pictures = 0
        while let mark = file.byte(place) {
            switch mark {
            case 0x3B:
                isAnimated = pictures > 1
                return pictures > 0
            case 0x21: place += 2
            case 0x2C:
                guard let flags = file.byte(place + 9) else { return false }
                pictures += 1
                // One byte says how the data is coded.
                place += 10 + Self.colours(flags) + 1
            default: return false
            }
            while let length = file.byte(place), length > 0 { place += 1 + Int(length) }
            place += 1
        }
        return false
    }

    private static func colours(_ flags: UInt8) -> Int { flags & 0x80 == 0 ? 0 : 3 << (Int(flags & 7) + 1) }

    /// WebP container (RFC 9649, 2): one of three kinds of first chunk says the size.
    private mutating func readWebP(_ file: FileBytes) -> Bool {
        guard let size = file.little(4, at: 4), size + 8 <= file.bytes.count, size >= 22 else { return false }
        if file.has("VP8X", at: 12), let flags = file.byte(20), let columns = file.little(3, at: 24),
            let rows = file.little(3, at: 27)
        {
            (width, height, isAnimated) = (columns + 1, rows + 1, flags & 2 != 0)
        } else if file.has("VP8L", at: 12), file.byte(20) == 0x2F, let bits = file.little(4, at: 21) {
            (width, height) = (bits & 0x3FFF + 1, bits >> 14 & 0x3FFF + 1)
        } else if file.has("VP8 ", at: 12), file.has([0x9D, 0x01, 0x2A], at: 23), let columns = file.little(2, at: 26),
            let rows = file.little(2, at: 28)
        {
            (width, height) = (columns & 0x3FFF, rows & 0x3FFF)
        } else {
            return false
        }
        return true
    }
}

/// Bytes that may end anywhere.
private struct FileBytes {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func byte(_ place: Int) -> UInt8? { bytes.indices.contains(place) ? bytes[place] : nil }

    func has(_ mark: String, at place: Int) -> Bool { has(Array(mark.utf8), at: place) }

    func has(_ mark: [UInt8], at place: Int) -> Bool {
        place + mark.count <= bytes.count && bytes[place..<(place + mark.count)].elementsEqual(mark)
    }

    func big(_ count: Int, at place: Int) -> Int? {
        guard place >= 0, place + count <= bytes.count else { return nil }
        return bytes[place..<(place + count)].reduce(0) { $0 << 8 | Int($1) }
    }

    func little(_ count: Int, at place: Int) -> Int? {
        guard place >= 0, place + count <= bytes.count else { return nil }
        return bytes[place..<(place + count)].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}

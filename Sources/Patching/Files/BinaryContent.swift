/// What tells a binary file from text: a few counts of its bytes, and how known formats begin.
struct BinaryContent {
    /// How many NUL bytes there are.
    let nulCount: Int
    /// How many control characters there are that no text has, NUL among them.
    let controlCount: Int
    /// Whether it is neither UTF-8 nor has the spaces, line feeds and letters of ASCII among its bytes.
    let isOpaque: Bool
    private let isUTF8: Bool
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        var counts = [Int](repeating: 0, count: 256)
        for byte in bytes { counts[Int(byte)] += 1 }
        self.bytes = bytes
        nulCount = counts[0]
        controlCount = (0..<0x20).reduce(counts[0x7F]) { $0 + (Self.isOfText[$1] ? 0 : counts[$1]) }
        let high = counts[0x80...].reduce(0, +)
        isUTF8 = high == 0 || TextEncoding.kind(of: bytes[...]) == .utf8
        isOpaque = !isUTF8 && counts[0x0A] == 0 && counts[0x20] == 0 && high * 2 > bytes.count
    }

    /// Bell, backspace, white space, the end of a file of DOS, and escape.
    private static let isOfText = (0..<0x20).map {
        [0x07, 0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1A, 0x1B].contains($0)
    }

    /// Whether the file is binary: it begins as a known format does, or much of it is no text in any encoding.
    var isBinary: Bool {
        guard nulCount > 0 || !isUTF8 else { return false }
        return format != nil || (controlCount >= 8 && controlCount * 50 >= bytes.count)
    }

    /// Whether something in it is no text, so that nothing may be added where the patch shows none of its lines.
    var isDoubtful: Bool { nulCount > 0 || (!isUTF8 && (controlCount > 0 || isOpaque)) }

    /// The known format it begins like, for messages.
    var format: String? {
        Self.formats.first { bytes.starts(with: $0.start) }?.name
    }

    private static let formats: [(start: [UInt8], name: String)] = [
        ([0x89, 0x50, 0x4E, 0x47], "a PNG image"), ([0xFF, 0xD8, 0xFF], "a JPEG image"),
        (Array("GIF8".utf8), "a GIF image"), (Array("RIFF".utf8), "a RIFF file"),
        ([0x49, 0x49, 0x2A, 0x00], "a TIFF image"), ([0x4D, 0x4D, 0x00, 0x2A], "a TIFF image"),
        ([0x00, 0x00, 0x01, 0x00], "an icon"), ([0x7F, 0x45, 0x4C, 0x46], "an ELF program"),
        ([0xFE, 0xED, 0xFA], "a Mach-O program"), ([0xCF, 0xFA, 0xED, 0xFE], "a Mach-O program"),
        ([0xCA, 0xFE, 0xBA, 0xBE], "a Java class"), ([0x00, 0x61, 0x73, 0x6D], "a WebAssembly module"),
        (Array("MZ".utf8), "a Windows program"), (Array("!<arch>\n".utf8), "an archive of objects"),
        ([0x1F, 0x8B], "gzip"), (Array("BZh".utf8), "bzip2"), ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "xz"),
        ([0x28, 0xB5, 0x2F, 0xFD], "zstd"), ([0x04, 0x22, 0x4D, 0x18], "lz4"), (Array("PK".utf8), "a ZIP archive"),
        ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7z archive"), (Array("SQLite format 3".utf8), "an SQLite database"),
        (Array("%PDF".utf8), "a PDF"), (Array("wOF".utf8), "a font"), (Array("OTTO".utf8), "a font"),
        ([0x00, 0x01, 0x00, 0x00], "a font"), (Array("OggS".utf8), "an Ogg file"), (Array("ID3".utf8), "an MP3 file"),
        (Array("PACK".utf8), "a pack of git"), (Array("DIRC".utf8), "an index of git"),
    ]
}

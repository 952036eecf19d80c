/// The files of a zip archive (APPNOTE.TXT of PKWARE), read from memory; nothing is written anywhere.
///
/// Archives are untrusted: names are only names and lead nowhere, the number of files is limited, and a file is unpacked
/// up to a limit whatever it says of its size.
public struct ZipArchive: Sendable {
    /// A file in the archive.
    public struct Entry: Sendable, Hashable {
        /// The name as it is stored, with slashes between folders. It may be anything.
        public let name: String
        /// How many bytes it says to have when unpacked.
        public let size: Int
        let method: Int
        let flags: Int
        let checksum: UInt32
        let packedSize: Int
        let offset: Int
    }

    /// The files in the order of the archive, without folders.
    public let entries: [Entry]
    private let bytes: [UInt8]

    /// The most files of an archive.
    public static let entryLimit = 20_000

    /// Reads the list of files.
    ///
    /// - Throws: `.damaged`, `.unsupported`, and `.tooLarge` for more files than the limit.
    public init(_ bytes: [UInt8]) throws(ZipError) {
        self.bytes = bytes
        let end = try Self.endRecord(of: bytes)
        let count = Self.number(bytes, end + 10, 2)
        guard Self.number(bytes, end + 4, 2) == 0 else {
            throw ZipError(.unsupported, "it is one of several disks")
        }
        guard count != 0xFFFF, Self.number(bytes, end + 16, 4) != 0xFFFF_FFFF else {
            throw ZipError(.unsupported, "it is written for more than 4 GiB or 65,535 files")
        }
        guard count <= Self.entryLimit else {
            throw ZipError(.tooLarge, "it holds \(count) files, more than \(Self.entryLimit)")
        }
        var entries: [Entry] = []
        var place = Self.number(bytes, end + 16, 4)
        for _ in 0..<count {
            guard place + 46 <= end, Self.number(bytes, place, 4) == 0x0201_4B50 else {
                throw ZipError(.damaged, "its list of files breaks off")
            }
            let nameLength = Self.number(bytes, place + 28, 2)
            let next = place + 46 + nameLength + Self.number(bytes, place + 30, 2) + Self.number(bytes, place + 32, 2)
            guard next <= end else { throw ZipError(.damaged, "its list of files breaks off") }
            let name = bytes[(place + 46)..<(place + 46 + nameLength)]
            if name.last != UInt8(ascii: "/") {
                entries.append(
                    Entry(
                        name: String(decoding: name, as: UTF8.self), size: Self.number(bytes, place + 24, 4),
                        method: Self.number(bytes, place + 10, 2), flags: Self.number(bytes, place + 8, 2),
                        checksum: UInt32(Self.number(bytes, place + 16, 4)),
                        packedSize: Self.number(bytes, place + 20, 4), offset: Self.number(bytes, place + 42, 4)))
            }
            place = next
        }
        self.entries = entries
    }

    /// Whether bytes begin as an archive does.
    public static func isArchive(_ bytes: some Collection<UInt8>) -> Bool {
        bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) || bytes.starts(with: [0x50, 0x4B, 0x05, 0x06])
    }

    /// Unpacks a file.
    ///
    /// - Parameter byteLimit: The most bytes; a file that is larger gives only these.
    /// - Throws: `.damaged`, `.unsupported`, `.missingLibrary`.
    public func contents(of entry: Entry, byteLimit: Int) throws(ZipError) -> [UInt8] {
        let place = entry.offset
        guard place + 30 <= bytes.count, Self.number(bytes, place, 4) == 0x0403_4B50 else {
            throw ZipError(.damaged, "a file is not where the list says")
        }
        guard entry.flags & 1 == 0 else { throw ZipError(.unsupported, "a file is encrypted") }
        let start = place + 30 + Self.number(bytes, place + 26, 2) + Self.number(bytes, place + 28, 2)
        guard start + entry.packedSize <= bytes.count else { throw ZipError(.damaged, "a file breaks off") }
        let packed = bytes[start..<(start + entry.packedSize)]
        let contents: [UInt8]
        switch entry.method {
        case 0: contents = Array(packed.prefix(byteLimit))
        case 8: contents = try Inflater.inflate(packed, byteLimit: byteLimit)
        default: throw ZipError(.unsupported, "a file is packed in the way \(entry.method), which is not read")
        }
        // Of a part nobody knows the sum.
        if contents.count < byteLimit || contents.count == entry.size {
            guard try Inflater.checksum(contents) == entry.checksum else {
                throw ZipError(.damaged, "a file is not what was packed")
            }
        }
        return contents
    }

    /// Where the record at the end begins, behind which a comment may stand.
    private static func endRecord(of bytes: [UInt8]) throws(ZipError) -> Int {
        var place = bytes.count - 22
        let first = max(0, place - 0xFFFF)
        while place >= first {
            if bytes[place] == 0x50, number(bytes, place, 4) == 0x0605_4B50 { return place }
            place -= 1
        }
        throw ZipError(.damaged, "it is no zip archive, or its end is missing")
    }

    /// A number in little-endian order; 0 beyond the end.
    private static func number(_ bytes: [UInt8], _ place: Int, _ size: Int) -> Int {
        guard place >= 0, place + size <= bytes.count else { return 0 }
        return (0..<size).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
    }
}

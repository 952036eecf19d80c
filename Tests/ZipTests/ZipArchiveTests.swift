import Testing
import Zip

@Suite struct `Zip archive` {
    /// An archive of one file, as Python's zipfile has packed it: `a/../../b.txt` with `hello hello hello hello\n`.
    private static let packed: [UInt8] = [
        0x50, 0x4B, 0x03, 0x04, 0x14, 0x00, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00, 0x21, 0x58, 0x00, 0x88, 0x59, 0x0B,
        0x0B, 0x00, 0x00, 0x00, 0x18, 0x00, 0x00, 0x00, 0x0D, 0x00, 0x00, 0x00, 0x61, 0x2F, 0x2E, 0x2E, 0x2F, 0x2E,
        0x2E, 0x2F, 0x62, 0x2E, 0x74, 0x78, 0x74, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0x57, 0xC8, 0x40, 0x27, 0xB9, 0x00,
        0x50, 0x4B, 0x01, 0x02, 0x14, 0x03, 0x14, 0x00, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00, 0x21, 0x58, 0x00, 0x88,
        0x59, 0x0B, 0x0B, 0x00, 0x00, 0x00, 0x18, 0x00, 0x00, 0x00, 0x0D, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x80, 0x01, 0x00, 0x00, 0x00, 0x00, 0x61, 0x2F, 0x2E, 0x2E, 0x2F, 0x2E, 0x2E, 0x2F,
        0x62, 0x2E, 0x74, 0x78, 0x74, 0x50, 0x4B, 0x05, 0x06, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x01, 0x00, 0x3B,
        0x00, 0x00, 0x00, 0x36, 0x00, 0x00, 0x00, 0x00, 0x00,
    ]

    @Test func `gives the files as they were packed`() throws {
        let archive = try ZipArchive(Self.packed)
        #expect(archive.entries.map(\.name) == ["a/../../b.txt"])
        let contents = try archive.contents(of: archive.entries[0], byteLimit: 1000)
        #expect(String(decoding: contents, as: UTF8.self) == "hello hello hello hello\n")
    }

    @Test func `unpacks no more than it may`() throws {
        let archive = try ZipArchive(Self.packed)
        let contents = try archive.contents(of: archive.entries[0], byteLimit: 5)
        #expect(String(decoding: contents, as: UTF8.self) == "hello")
    }

    @Test func `is told by its beginning`() {
        #expect(ZipArchive.isArchive(Self.packed))
        #expect(!ZipArchive.isArchive(Array("PK plain".utf8)))
    }

    @Test func `says why it is not read`() throws {
        func code(_ change: (inout [UInt8]) -> Void) throws -> ZipError.Code? {
            var bytes = Self.packed
            change(&bytes)
            do throws(ZipError) {
                let archive = try ZipArchive(bytes)
                _ = try archive.contents(of: archive.entries[0], byteLimit: 1000)
                return nil
            } catch { return error.code }
        }
        let list = Self.packed.count - 22 - 46 - "a/../../b.txt".utf8.count
        #expect(try code { $0[list + 8] |= 1 } == .unsupported)  // encrypted
        #expect(try code { $0[list + 10] = 99 } == .unsupported)  // another way to pack
        #expect(try code { $0[list + 16] ^= 1 } == .damaged)  // another checksum
        #expect(
            try code {
                $0[$0.count - 12] = 0xFF; $0[$0.count - 11] = 0xFF
            } == .unsupported)  // too many files
        #expect(
            try code {
                $0[$0.count - 12] = 0x50; $0[$0.count - 11] = 0xC3
            } == .tooLarge)
        #expect(try code { _ in } == nil)
    }

    @Test func `that is damaged is refused`() throws {
        for count in 0..<Self.packed.count {
            #expect(throws: ZipError.self) { try ZipArchive(Array(Self.packed.prefix(count))) }
        }
        // Any byte may be wrong: it is refused, or the bytes are those that were packed.
        for index in Self.packed.indices {
            for bit in [0x01, 0x80] as [UInt8] {
                var bytes = Self.packed
                bytes[index] ^= bit
                guard let archive = try? ZipArchive(bytes), let entry = archive.entries.first,
                    let contents = try? archive.contents(of: entry, byteLimit: 1000)
                else { continue }
                #expect(String(decoding: contents, as: UTF8.self) == "hello hello hello hello\n")
            }
        }
    }
}

import Glibc
import OS
import Testing

@Suite struct FolderTests {
    private func make(_ name: [UInt8], in folder: String) {
        let path = Array(folder.utf8) + [UInt8(ascii: "/")] + name + [0]
        let file = path.withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { path in
                path.baseAddress.map { open($0, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600) } ?? -1
            }
        }
        #expect(file >= 0)
        close(file)
    }

    @Test func `names that are not UTF-8 keep their bytes`() throws {
        let scratch = Scratch()
        let names: [[UInt8]] = [
            [0xFF, 0xFE, 0x2E], Array("plain".utf8), Array("ä\n ".utf8), [0xC3], Array("...".utf8),
        ]
        for name in names { make(name, in: scratch.path) }
        let entries = try FolderListing.entries(of: scratch.path)
        let found = entries.map { $0.name.dropLast().map { UInt8(bitPattern: $0) } }
        #expect(Set(found) == Set(names))
        #expect(entries.allSatisfy { $0.name.last == 0 })
        #expect(entries.contains { $0.text == "\u{FFFD}\u{FFFD}." })
    }

    @Test func `an open folder can be listed twice and stays open`() throws {
        let scratch = Scratch()
        make(Array("one".utf8), in: scratch.path)
        #expect(mkdir(scratch.path + "/two", 0o700) == 0)
        for _ in 1...2 {
            let folder = try Descriptor(opening: scratch.path, O_RDONLY | O_DIRECTORY)
            let entries = try FolderListing.entries(of: folder.raw)
            #expect(Set(entries.map(\.text)) == ["one", "two"])
            #expect(entries.filter(\.isFolder).map(\.text) == ["two"])
            #expect(fcntl(folder.raw, F_GETFD) >= 0)
        }
    }

    @Test func `a folder that is missing has no names and says why`() {
        let error = #expect(throws: SystemError.self) { try FolderListing.entries(of: "/nowhere") }
        #expect(error?.number == ENOENT)
        #expect(FolderListing.names(in: "/nowhere").isEmpty)
    }

    @Test func `a folder goes with all that is in it and links are not followed`() throws {
        let scratch = Scratch()
        let other = Scratch()
        make(Array("kept".utf8), in: other.path)
        let root = scratch.path + "/root"
        #expect(mkdir(root, 0o700) == 0 && mkdir(root + "/a", 0o700) == 0 && mkdir(root + "/a/b", 0o700) == 0)
        make([0xFF], in: root + "/a/b")
        #expect(symlink(other.path, root + "/a/link") == 0)
        #expect(chmod(root + "/a/b", 0o500) == 0)
        #expect(chmod(root + "/a", 0) == 0)
        try FolderRemoval.remove(root)
        #expect(FilePath.kind(root) == nil)
        #expect(FolderListing.names(in: other.path) == ["kept"])
    }

    @Test func `a link to a folder is not removed as one`() throws {
        let scratch = Scratch()
        #expect(mkdir(scratch.path + "/folder", 0o700) == 0)
        #expect(symlink("folder", scratch.path + "/link") == 0)
        #expect(throws: SystemError.self) { try FolderRemoval.remove(scratch.path + "/link") }
        #expect(FilePath.kind(scratch.path + "/folder") == .folder)
    }
}

import Foundation
import Testing

@testable import Sandbox

@Suite(.serialized) struct OutputTests {
    @Test func `100 MB of output leave a bounded excerpt in memory and all of it reaches the file`() async throws {
        let fixture = try Fixture()
        let line = "head -c 50000000 /dev/zero | tr '\\0' x; yes 'a line of text' | head -c 50000000"
        let result = await fixture.shell(line, in: try await fixture.sandbox()) {
            $0.log = .init(directory: fixture.logs, name: "big")
        }
        #expect(result.stdout.totalBytes == 100_000_000)
        #expect(result.stdout.file?.writtenBytes == 100_000_000)
        #expect(result.stdout.head.count + result.stdout.tail.count == 64 * 1024)
        #expect(result.stdout.excerpts.reduce(0) { $0 + $1.text.count } < 256 * 1024)
        let size = try FileManager.default.attributesOfItem(atPath: fixture.logs + "/big.stdout")[.size] as? Int
        #expect(size == 100_000_000)
        #expect(!FileManager.default.fileExists(atPath: fixture.logs + "/big.stderr"))
    }

    @Test func `output past the disk limit is read and counted but not written`() async throws {
        let fixture = try Fixture()
        let result = await fixture.shell("head -c 300000 /dev/zero", in: try await fixture.sandbox()) {
            $0.log = .init(directory: fixture.logs, name: "cut")
            $0.diskLimit = 100_000
        }
        #expect(result.succeeded)
        #expect(result.stdout.totalBytes == 300_000)
        #expect(result.stdout.file?.writtenBytes == 100_000)
        #expect(result.stdout.file?.droppedBytes == 200_000)
        #expect(result.stdout.file?.failure == nil)
    }

    @Test(.enabled(if: getuid() == 0, "mounting a small file system takes root"))
    func `a full disk is noted and the command goes on`() async throws {
        let fixture = try Fixture()
        try #require(mount("tmpfs", fixture.logs, "tmpfs", 0, "size=65536") == 0, "mount: errno \(errno)")
        // Detached, because a sandbox that is just being made holds a copy of every mount.
        defer { umount2(fixture.logs, Int32(MNT_DETACH)) }
        let result = await fixture.shell("head -c 300000 /dev/zero; echo ok >&2", in: try await fixture.sandbox()) {
            $0.log = .init(directory: fixture.logs, name: "full")
        }
        #expect(result.succeeded)
        #expect(result.stdout.totalBytes == 300_000)
        #expect(result.stdout.file?.failure == "No space left on device")
        #expect(result.stderr.text == "ok\n")
    }

    @Test func `a log folder that is missing is noted and the command goes on`() async throws {
        let fixture = try Fixture()
        let result = await fixture.shell("echo hello", in: try await fixture.sandbox()) {
            $0.log = .init(directory: fixture.logs + "/missing", name: "x")
        }
        #expect(result.succeeded && result.stdout.text == "hello\n")
        #expect(result.stdout.file?.failure == "No such file or directory")
    }

    @Test func `bytes that are not UTF-8 are kept as they are and repaired for the model`() async throws {
        let fixture = try Fixture()
        let result = await fixture.shell("printf 'a\\377b\\303'", in: try await fixture.sandbox())
        #expect(result.stdout.head == [0x61, 0xFF, 0x62, 0xC3])
        #expect(OutputTruncation(byteLimit: 100).render(result.stdout) == "a\u{FFFD}b\u{FFFD}")
    }

    @Test func `output is shown as it comes on the stream it came on`() async throws {
        let fixture = try Fixture()
        let (chunks, continuation) = AsyncStream<CommandRequest.Chunk>.makeStream()
        _ = await fixture.shell("echo out; echo err >&2", in: try await fixture.sandbox()) {
            $0.onOutput = { continuation.yield($0) }
        }
        continuation.finish()
        var seen: [String: String] = [:]
        for await chunk in chunks {
            seen[chunk.stream.rawValue, default: ""] += String(decoding: chunk.bytes, as: UTF8.self)
        }
        #expect(seen == ["stdout": "out\n", "stderr": "err\n"])
    }
}

import Foundation
import Testing

@testable import Sandbox

@Suite struct OutputFileTests {
    private func file(_ bytes: [UInt8]) throws -> String {
        let path = "/tmp/graft-pages-\(UUID().uuidString)"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    private static let text = String(repeating: "häßlich 漢字 🦊 plain\n", count: 40)

    @Test(arguments: 4...40)
    func `pages that follow each other make up the file`(_ limit: Int) throws {
        let path = try file(Array(Self.text.utf8))
        defer { try? FileManager.default.removeItem(atPath: path) }
        var (whole, offset) = ("", 0)
        while let page = OutputFile.page(path, from: offset, limit: limit), !page.range.isEmpty {
            #expect(page.range.lowerBound == offset && page.range.count <= limit)
            whole += page.text
            offset = page.range.upperBound
        }
        #expect(whole == Self.text)
    }

    @Test func `a page from any offset begins and ends with whole characters`() throws {
        let bytes = Array(Self.text.utf8)
        let path = try file(bytes)
        defer { try? FileManager.default.removeItem(atPath: path) }
        for offset in 0...bytes.count {
            let page = try #require(OutputFile.page(path, from: offset, limit: 17))
            #expect(page.range.contains(offset) || offset == bytes.count)
            #expect(page.text == String(decoding: bytes[page.range], as: UTF8.self))
            #expect(!page.text.contains("\u{FFFD}"))
        }
    }

    @Test func `pages of anything are readable and get to the end`() throws {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<5000).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let path = try file(bytes)
        defer { try? FileManager.default.removeItem(atPath: path) }
        var offset = 0
        while offset < bytes.count {
            let page = try #require(OutputFile.page(path, from: offset, limit: 50))
            #expect(page.range.lowerBound <= offset)
            try #require(page.range.upperBound > offset)
            offset = page.range.upperBound
        }
        #expect(OutputFile.page(path + "-not", from: 0, limit: 50) == nil)
    }

    @Test func `what is kept of a part is what is kept of a stream`() throws {
        let path = try file(Array(Self.text.utf8))
        defer { try? FileManager.default.removeItem(atPath: path) }
        // The first line, and the first byte of a character in the second.
        let length = "häßlich 漢字 🦊 plain\n".utf8.count
        let part = OutputFile.capture(path, length..<2 * length + 2, limit: 64, keepsUnfinished: false)
        #expect(part.totalBytes == length + 1 && part.lineCount == 1)
        #expect(OutputFile.capture(path, length..<2 * length + 2, limit: 8, keepsUnfinished: true).omittedBytes > 0)
    }

    @Test func `only output behind an offset ends a wait`() async throws {
        let fixture = try Fixture()
        var request = CommandRequest(
            .shell("while read -r line; do echo \"> $line\"; done"), environment: fixture.environment(),
            timeout: .seconds(300), log: .init(directory: fixture.logs, name: "p1"))
        request.connection = .together
        let command = try await fixture.sandbox().start(request)
        #expect(command.write(Array("one\n".utf8)))
        #expect(await command.wait(upTo: .seconds(30), until: "> one\n"))
        let known = command.byteCount
        #expect(await command.wait(upTo: .milliseconds(1), until: ">"))
        #expect(await !command.wait(upTo: .milliseconds(1), until: ">", after: known))
        #expect(command.write(Array("two\n".utf8)))
        // A text may begin in what was known.
        #expect(await command.wait(upTo: .seconds(30), until: "one\n> two\n", after: known))
        command.stop()
        await command.wait(upTo: .seconds(30))
    }

    @Test(arguments: [
        ("", true), ("a", true), ("aab", true), ("abc", true), ("abd", false), ("c", true), ("aaabcx", false),
    ])
    func `bytes are found where they are`(_ wanted: String, _ isFound: Bool) {
        #expect(Array("aaabc".utf8)[...].holds(Array(wanted.utf8)) == isFound)
    }

    @Test func `a wait of no time, or of little, ends`() async throws {
        let fixture = try Fixture()
        // Other tests may keep the threads of the pool for long, so that each timer comes late.
        var request = CommandRequest(
            .shell("sleep 600"), environment: fixture.environment(), timeout: .seconds(600),
            log: .init(directory: fixture.logs, name: "p1"))
        request.connection = .together
        let command = try await fixture.sandbox().start(request)
        for _ in 0..<200 { await command.wait(upTo: .zero) }
        for _ in 0..<20 { await command.wait(upTo: .nanoseconds(1)) }
        #expect(command.result == nil)
        command.stop()
        await command.wait(upTo: .seconds(30))
    }
}

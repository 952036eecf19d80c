import Synchronization
import TestSupport
import Testing

@testable import Sandbox

@Suite struct PipedCommandTests {
    private final class Said: Sendable {
        let streams = Mutex<[CommandRequest.Chunk.Stream: String]>([:])
        func take(_ chunk: CommandRequest.Chunk) {
            streams.withLock { $0[chunk.stream, default: ""] += String(decoding: chunk.bytes, as: UTF8.self) }
        }
    }

    @Test func `a program is spoken to, with its errors apart, until its input ends`() async throws {
        let (fixture, said) = (try Fixture(), Said())
        var request = CommandRequest(
            .shell("while read -r line; do echo got $line; echo about $line >&2; done"),
            environment: fixture.environment(), timeout: .seconds(300))
        request.onOutput = said.take
        let command = try await fixture.sandbox().converse(request)
        #expect(command.result == nil)
        #expect(command.write(Array("one\ntwo\n".utf8)))
        command.closeInput()
        #expect(await command.end().outcome == .exited(0))
        #expect(said.streams.withLock { $0 } == [.stdout: "got one\ngot two\n", .stderr: "about one\nabout two\n"])
        #expect(!command.write(Array("three\n".utf8)))
    }

    @Test func `a program that does not end is stopped, and its end is told once`() async throws {
        let (fixture, ends) = (try Fixture(), EndCount())
        let request = CommandRequest(.shell("sleep 300"), environment: fixture.environment(), timeout: .seconds(300))
        let command = try await fixture.sandbox().converse(request) { _ in ends.add() }
        command.stop()
        #expect(await command.end().outcome == .cancelled)
        #expect(await command.end().outcome == .cancelled && ends.count.withLock { $0 } == 1)
    }

    private final class EndCount: Sendable {
        let count = Mutex(0)
        func add() { count.withLock { $0 += 1 } }
    }
}

import Foundation
import TestSupport
import Testing

@testable import Sandbox

@Suite struct RunningTests {
    private func start(
        _ line: String, _ connection: CommandConnection = .together, in fixture: Fixture,
        timeout: Duration = .seconds(300)
    ) async throws -> RunningCommand {
        var request = CommandRequest(
            .shell(line), environment: fixture.environment(), timeout: timeout,
            log: .init(directory: fixture.logs, name: "running"))
        request.connection = connection
        return try await fixture.sandbox().start(request)
    }

    private func text(_ command: RunningCommand) -> String {
        String(decoding: command.output(from: 0, limit: 1 << 20), as: UTF8.self)
    }

    @Test func `a command answers what is written to it until its input ends`() async throws {
        let fixture = try Fixture()
        let command = try await start("while read -r line; do echo got $line; done; echo over", in: fixture)
        #expect(command.write(Array("one\n".utf8)))
        await command.wait(upTo: .seconds(30), until: "got one")
        #expect(command.result == nil && text(command) == "got one\n")
        #expect(command.write(Array("two\n".utf8)))
        command.closeInput()
        await command.wait(upTo: .seconds(30))
        #expect(command.result?.outcome == .exited(0))
        #expect(text(command) == "got one\ngot two\nover\n")
        #expect(!command.write(Array("three\n".utf8)))
    }

    @Test func `output and errors come in the order they were made`() async throws {
        let fixture = try Fixture()
        let command = try await start("for i in 1 2 3; do echo out $i; echo err $i >&2; done", in: fixture)
        await command.wait(upTo: .seconds(30))
        #expect(text(command) == "out 1\nerr 1\nout 2\nerr 2\nout 3\nerr 3\n")
        #expect(command.byteCount == 36)
        #expect(command.output(from: 6, limit: 5) == Array("err 1".utf8))
    }

    @Test func `a terminal is a terminal of its size`() async throws {
        let fixture = try Fixture()
        let command = try await start(
            "test -t 0 && test -t 1 && stty size && read -r line && echo got $line",
            .terminal(columns: 100, rows: 30), in: fixture)
        await command.wait(upTo: .seconds(30), until: "30 100")
        #expect(command.write(Array("yes\r".utf8)))
        await command.wait(upTo: .seconds(30))
        #expect(command.result?.outcome == .exited(0))
        #expect(text(command).contains("30 100\r\n") && text(command).contains("got yes\r\n"))
    }

    @Test func `control-C in a terminal interrupts`() async throws {
        let fixture = try Fixture()
        let command = try await start(
            "trap 'echo interrupted; exit 7' INT; echo ready; while :; do sleep 0.1; done",
            .terminal(columns: 80, rows: 24), in: fixture)
        await command.wait(upTo: .seconds(30), until: "ready")
        #expect(command.write([3]))
        await command.wait(upTo: .seconds(30))
        #expect(command.result?.outcome == .exited(7))
    }

    @Test func `stopping ends the command and all it has started`() async throws {
        let fixture = try Fixture()
        let mark = "868\(UInt32.random(in: 0..<100_000))"
        let command = try await start("setsid sleep \(mark) & trap '' TERM; echo ready; sleep \(mark)", in: fixture)
        await command.wait(upTo: .seconds(30), until: "ready")
        command.stop()
        await command.wait(upTo: .seconds(30))
        #expect(command.result?.outcome == .cancelled && command.result?.leftProcesses == false)
        let left = await fixture.shell("ps ax", in: try await fixture.sandbox(.off)).stdout.text
        #expect(!left.contains("sleep \(mark)"))
    }

    @Test func `a wait that is over does not end the command`() async throws {
        let fixture = try Fixture()
        let command = try await start("sleep 300", in: fixture)
        await command.wait(upTo: .milliseconds(10))
        #expect(command.result == nil)
        command.stop()
        await command.wait(upTo: .seconds(30))
    }

    @Test func `a command that does not read fills nothing but its allowance`() async throws {
        let fixture = try Fixture()
        let command = try await start("sleep 300", in: fixture)
        let piece = [UInt8](repeating: 120, count: 1 << 16)
        var count = 0
        while command.write(piece), count < 100 { count += 1 }
        #expect(count < 40)
        command.stop()
        await command.wait(upTo: .seconds(30))
        #expect(command.result?.outcome == .cancelled)
    }

    @Test(.enabled("needs the rung namespaces") { await Rung.namespaces.isTested })
    func `several run beside each other and reach their own servers`() async throws {
        let fixture = try Fixture()
        let server = try await start(
            "python3 -u -c 'import http.server as h; s = h.HTTPServer((\"127.0.0.1\", 8123), h.SimpleHTTPRequestHandler); "
                + "print(\"up\"); s.serve_forever()' & sleep 0.1; wait", in: fixture)
        await server.wait(upTo: .seconds(30), until: "up")
        #expect(text(server).contains("up"))
        server.stop()
        await server.wait(upTo: .seconds(30))
    }
}

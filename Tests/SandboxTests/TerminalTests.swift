import Foundation
import TestSupport
import Testing

@testable import Sandbox

/// A terminal is a terminal on every rung: it has a size, signals for its keys, and `/dev/tty`.
@Suite struct TerminalTests {
    private func start(_ line: String, on rung: Rung, in fixture: Fixture) async throws -> RunningCommand {
        var request = CommandRequest(
            .shell(line), environment: fixture.environment(), timeout: .seconds(300),
            log: .init(directory: fixture.logs, name: "terminal"))
        request.connection = .terminal(columns: 100, rows: 30)
        return try await fixture.sandbox(rungs: [rung]).start(request)
    }

    private func text(_ command: RunningCommand) -> String {
        String(decoding: command.output(from: 0, limit: 1 << 20), as: UTF8.self)
    }

    @Test(arguments: await Rung.tested)
    func `it is the command's controlling terminal, and has a size`(_ rung: Rung) async throws {
        let fixture = try Fixture(root: Fixture.home)
        let command = try await start(
            "tty -s && echo yes; echo said > /dev/tty; stty size < /dev/tty; ps -o tpgid= -p $$ | tr -d ' '; echo $$",
            on: rung,
            in: fixture)
        await command.wait(upTo: .seconds(30))
        let lines = text(command).split(separator: "\r\n").map(String.init)
        #expect(command.result?.outcome == .exited(0))
        #expect(lines.count == 5, "\(lines)")
        #expect(lines.prefix(3) == ["yes", "said", "30 100"], "\(lines)")
        // The shell is in the foreground.
        #expect(lines.suffix(2).first == lines.last, "\(lines)")
    }

    @Test(arguments: await Rung.tested)
    func `control-C reaches what runs in the foreground and not the rest`(_ rung: Rung) async throws {
        let fixture = try Fixture(root: Fixture.home)
        let command = try await start(
            "set -m; (trap 'echo never' INT; sleep 300 & wait) & sh -c 'trap \"echo interrupted; exit 7\" INT; echo ready; "
                + "while :; do sleep 0.1; done'; echo status $?", on: rung, in: fixture)
        await command.wait(upTo: .seconds(30), until: "ready")
        #expect(command.write([3]))
        await command.wait(upTo: .seconds(30))
        #expect(text(command).contains("interrupted") && text(command).contains("status 7"), "\(text(command))")
        #expect(!text(command).contains("never"))
        #expect(command.result?.outcome == .exited(0))
    }

    @Test(arguments: await Rung.tested)
    func `python opens the terminal by its general name`(_ rung: Rung) async throws {
        let fixture = try Fixture(root: Fixture.home)
        let command = try await start(
            "python3 -c 'import os; t = open(\"/dev/tty\", \"w\"); print(os.get_terminal_size(t.fileno())); "
                + "print(os.isatty(0), os.tcgetpgrp(0) == os.getpgrp())'", on: rung, in: fixture)
        await command.wait(upTo: .seconds(30))
        #expect(text(command).contains("columns=100, lines=30") && text(command).contains("True True"))
    }

    @Test(arguments: await Rung.tested)
    func `a command without a terminal has none to open`(_ rung: Rung) async throws {
        let fixture = try Fixture(root: Fixture.home)
        let sandbox = try await fixture.sandbox(rungs: [rung])
        let result = await fixture.shell("tty; (: > /dev/tty) 2>&1 | grep -o 'No such device'", in: sandbox)
        #expect(result.stdout.text == "not a tty\nNo such device\n")
    }
}

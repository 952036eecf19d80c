import Agent
import Glibc
import OS
import Sandbox
import Session
import Terminal
import Text
import Tools

/// Asks the person at the terminal whether a command may have more rights.
///
/// Anything but a clear yes is a no: end of input, ctrl-C, an unknown answer.
struct ApprovalPrompt: Sendable {
    private static let tries = 3

    private let screen: LiveScreen
    private let style: TerminalStyle

    /// The question; nil if nobody can be asked.
    static func question(
        screen: LiveScreen, showsJSON: Bool, environment: [String: String]
    ) -> ApprovalQuestion? {
        let isAutomation = !["", "0", "false"].contains((environment["CI"] ?? "").lowercased())
        guard !showsJSON, !isAutomation, isatty(0) == 1, isatty(2) == 1 else { return nil }
        let prompt = ApprovalPrompt(screen: screen, style: TerminalStyle(descriptor: 2, environment: environment))
        return { await prompt.ask($0) }
    }

    private func ask(_ request: ApprovalRequest) async -> ApprovalAnswer? {
        screen.pause()
        defer { screen.resume() }
        // Without a descriptor to wake it, a question could not be cancelled.
        guard let wake = try? WakeSignal() else { return nil }
        let text = text(of: request)
        return await withTaskCancellationHandler {
            // A thread of its own may wait for a person.
            await CommandThread.run { Self.answer(to: text, cancel: wake.raw) }
        } onCancel: {
            wake.raise()
        }
    }

    /// Asks and reads lines until one is an answer.
    private static func answer(to text: String, cancel: Int32) -> ApprovalAnswer? {
        // Reading in the background would stop the process.
        guard tcgetpgrp(0) == getpgrp() else { return nil }
        // Text typed before the question is not an answer to it.
        tcflush(0, TCIFLUSH)
        StandardError.write(text)
        var line: [UInt8] = []
        for _ in 0..<tries {
            guard let answer = readLine(cancel: cancel, into: &line) else { return nil }
            guard let answer else { return .no }
            switch answer.lowercased() {
            case "y", "yes", "o", "once": return .once
            case "s", "session": return .session
            case "", "n", "no": return .no
            default: StandardError.write("graft: y, s or n")
            }
        }
        return .no
    }

    /// The next line; `.some(nil)` at the end of input or when cancelled, `.none` in the background.
    private static func readLine(cancel: Int32, into rest: inout [UInt8]) -> String?? {
        while true {
            if let newline = rest.firstIndex(of: 0x0A) {
                let line = String(decoding: rest[..<newline], as: UTF8.self)
                rest.removeSubrange(...newline)
                let blanks: Set<Character> = [" ", "\t", "\r"]
                return .some(line.filter { !blanks.contains($0) })
            }
            var ready = [
                pollfd(fd: 0, events: Int16(POLLIN), revents: 0), pollfd(fd: cancel, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&ready, 2, -1) > 0 else { continue }
            if ready[1].revents != 0 {
                // What comes next begins a line.
                StandardError.write("")
                return .some(nil)
            }
            guard tcgetpgrp(0) == getpgrp() else { return .none }
            var buffer = [UInt8](repeating: 0, count: 1024)
            let count = read(0, &buffer, buffer.count)
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else { return .some(nil) }
            rest += buffer[..<count]
            // A line of this length was not typed.
            if rest.count > 64 * 1024 { return .some(nil) }
        }
    }

    private func text(of request: ApprovalRequest) -> String {
        let command = request.command.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
            .map { Substring($0).markedLine }
        let reason = request.reason.marked.split(separator: "\n").joined(separator: " ").markedLine.prefix(500)
        let lines =
            ["", style(.warning, "The model asks to run a command with more rights:"), ""]
            + command.enumerated().map { ($0 == 0 ? "    $ " : "    | ") + $1 }
            + Self.rights(request.report.rights).map { style(.strong, "    may " + $0) }
            + ["    because, as it says: \(reason)", "", "y = once, s = this command for the session, n = no:"]
        return lines.joined(separator: "\n")
    }

    /// What is asked for, a phrase each.
    static func rights(_ rights: ApprovalReport.Rights) -> [String] {
        var phrases: [String] = []
        switch rights.network {
        case .all: phrases.append("use the machine's network, all of it")
        case .hosts(let hosts): phrases.append("reach \(hosts.joined(separator: ", "))")
        case nil: break
        }
        return phrases
            + rights.writablePaths.map { "write to \($0.named), and read it" }
            + rights.readablePaths.map { "read \($0.named), which is closed to commands" }
    }
}

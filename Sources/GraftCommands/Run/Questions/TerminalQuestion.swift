import Glibc
import OS
import Text

/// A question to the person at the terminal, and the lines that answer it.
struct TerminalQuestion: Sendable {
    private let screen: LiveScreen

    /// Nil if nobody can be asked: no terminal, automation, or events on standard output.
    init?(screen: LiveScreen, showsJSON: Bool, environment: [String: String]) {
        guard !showsJSON, TypedAnswer.isPossible(environment), isatty(2) == 1 else { return nil }
        self.screen = screen
    }

    /// Has `body` ask and read lines while nothing else writes to the screen; nil if no question can be put.
    ///
    /// Cancelling the task ends the reading.
    func ask<Answer: Sendable>(_ body: @escaping @Sendable (inout Lines) -> Answer?) async -> Answer? {
        screen.pause()
        defer { screen.resume() }
        // Without a descriptor to wake it, a question could not be cancelled.
        guard let wake = try? WakeSignal() else { return nil }
        return await withTaskCancellationHandler {
            // A thread of its own may wait for a person.
            await CommandThread.run {
                // Reading in the background would stop the process.
                guard tcgetpgrp(0) == getpgrp() else { return nil }
                // Text typed before the question is not an answer to it.
                tcflush(0, TCIFLUSH)
                var lines = Lines(cancel: wake.raw)
                return body(&lines)
            }
        } onCancel: {
            wake.raise()
        }
    }

    /// What comes of waiting for a line.
    enum Line: Equatable {
        case line(String)
        /// The end of the input, or the task is cancelled.
        case end
        /// The process is in the background, where nobody can answer.
        case background
    }

    /// The lines that a person types.
    struct Lines {
        private let cancel: Int32
        private var rest: [UInt8] = []

        init(cancel: Int32) { self.cancel = cancel }

        /// The next line without its end.
        mutating func next() -> Line {
            while true {
                if let newline = rest.firstIndex(of: 0x0A) {
                    let line = String(decoding: rest[..<newline], as: UTF8.self)
                    rest.removeSubrange(...newline)
                    return .line(line.filter { $0 != "\r" })
                }
                var ready = [
                    pollfd(fd: 0, events: Int16(POLLIN), revents: 0),
                    pollfd(fd: cancel, events: Int16(POLLIN), revents: 0),
                ]
                guard poll(&ready, 2, -1) > 0 else { continue }
                if ready[1].revents != 0 {
                    // What comes next begins a line.
                    StandardError.write("")
                    return .end
                }
                guard tcgetpgrp(0) == getpgrp() else { return .background }
                var buffer = [UInt8](repeating: 0, count: 1024)
                let count = read(0, &buffer, buffer.count)
                if count < 0, errno == EINTR || errno == EAGAIN { continue }
                guard count > 0 else { return .end }
                rest += buffer[..<count]
                // A line of this length was not typed.
                if rest.count > 64 * 1024 { return .end }
            }
        }

        /// Reads lines until one is an answer; what is none is refused with a hint, three times at most.
        ///
        /// - Parameter read: The answer that a line without its blanks is; nil for none.
        /// - Returns: The answer, `fallback` without one, and nil in the background.
        mutating func choice<Answer>(_ hint: String, fallback: Answer, _ read: (String) -> Answer?) -> Answer? {
            for _ in 0..<3 {
                switch next() {
                case .background: return nil
                case .end: return fallback
                case .line(let line):
                    if let answer = read(line.filter { $0 != " " && $0 != "\t" }.lowercased()) { return answer }
                    StandardError.write("graft: \(hint)")
                }
            }
            return fallback
        }
    }
}

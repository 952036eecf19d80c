import Glibc
import OS

/// Runs one command on the calling thread: reads its output, enforces its deadline, and handles cancellation.
///
/// Waits for the command and not for the end of its output, which a leftover process may hold open.
struct CommandLoop {
    private enum Phase {
        case running(until: ContinuousClock.Instant)
        case terminating(until: ContinuousClock.Instant)
        case killed(until: ContinuousClock.Instant)

        var until: ContinuousClock.Instant {
            switch self {
            case .running(let until), .terminating(let until), .killed(let until): until
            }
        }
    }

    private static let killDeadline = Duration.seconds(5)
    private static let pipeBytes = 64 * 1024

    let request: CommandRequest
    let cancel: WakeSignal
    /// The input of the command; nil for an empty input.
    var input: CommandInput?
    let launch: (CommandStreams) throws(LaunchFailure) -> any LaunchedCommand

    func run() -> CommandResult {
        let clock = ContinuousClock()
        let start = clock.now
        var streams = StreamPair(request)
        var ended: CommandResult.Outcome?
        var ending = Ending(how: .neverStarted)
        do {
            var entry: Descriptor?
            let command = try open(&streams, &entry)
            ended = follow(command, &streams, &entry, until: start + request.timeout)
            ending = command.reap()
            streams.drain(limit: Self.pipeBytes)
        } catch {
            ended = .notStarted(message: error.message)
        }
        let (stdout, stderr) = streams.finish()
        return CommandResult(
            outcome: ended ?? outcome(ending, stderr), duration: clock.now - start, stdout: stdout, stderr: stderr,
            usage: ending.usage, leftProcesses: ending.leftProcesses, deniedHosts: ending.deniedHosts,
            ranOutOfMemory: ending.ranOutOfMemory)
    }

    /// Starts the command; its input is written to `entry`, and closing that ends the input.
    private func open(
        _ streams: inout StreamPair, _ entry: inout Descriptor?
    ) throws(LaunchFailure) -> any LaunchedCommand {
        // The ends of the command close on return, so that only the command has them.
        let connection = request.connection
        let ends = try LaunchFailure.unless { () throws(SystemError) in try StandardStreams(connection) }
        streams.attach(stdout: ends.output, stderr: ends.errors)
        entry = ends.input
        return try launch(ends.child)
    }

    /// Returns when the command has ended, with the outcome if this loop ended it.
    private func follow(
        _ command: any LaunchedCommand, _ streams: inout StreamPair, _ entry: inout Descriptor?,
        until deadline: ContinuousClock.Instant
    ) -> CommandResult.Outcome? {
        var phase = Phase.running(until: deadline)
        var reason: CommandResult.Outcome?
        while true {
            let watchesCancel = reason == nil
            var entries = [
                command.exitDescriptor, command.statusDescriptor, streams.stdout, streams.stderr,
                watchesCancel ? cancel.raw : -1, entry == nil ? -1 : input?.wakeDescriptor ?? -1,
            ].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            if let entry, input?.isPending == true {
                entries.append(pollfd(fd: entry.raw, events: Int16(POLLOUT), revents: 0))
            }
            let ready = poll(&entries, nfds_t(entries.count), milliseconds(to: phase.until))
            if ready < 0, errno != EINTR { command.kill() }
            if ready > 0 {
                if entries[0].revents != 0 { return reason }
                if entries[1].revents != 0 {
                    command.readStatus()
                    if command.isGone { return reason }
                }
                if entries[2].revents != 0 { streams.read(.stdout) }
                if entries[3].revents != 0 { streams.read(.stderr) }
                if let raw = entry?.raw, entries[5...].contains(where: { $0.revents != 0 }),
                    input?.flush(into: raw) != true
                {
                    entry = nil
                }
                if entries[4].revents != 0 {
                    reason = .cancelled
                    phase = end(command)
                    continue
                }
            }
            guard ContinuousClock.now >= phase.until else { continue }
            switch phase {
            case .running:
                reason = .timedOut
                phase = end(command)
            case .terminating:
                command.kill()
                phase = .killed(until: .now + Self.killDeadline)
            case .killed:
                return reason
            }
        }
    }

    private func end(_ command: any LaunchedCommand) -> Phase {
        if command.terminate() { return .terminating(until: .now + request.grace) }
        command.kill()
        return .killed(until: .now + Self.killDeadline)
    }

    /// Rounded up, so that the loop does not spin through the last millisecond.
    private func milliseconds(to deadline: ContinuousClock.Instant) -> Int32 {
        let (seconds, attoseconds) = (deadline - ContinuousClock.now).components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        return Int32(min(seconds, 1_000_000) * 1000 + attoseconds / 1_000_000_000_000_000 + 1)
    }

    private func outcome(_ ending: Ending, _ stderr: CapturedOutput) -> CommandResult.Outcome {
        switch ending.how {
        case .exited(let status): return .exited(status)
        case .signalled(let signal): return .signalled(signal)
        case .failed(let message): return .notStarted(message: message)
        case .stuck: return .notStarted(message: "the command could not be waited for")
        case .neverStarted:
            let said = String(decoding: stderr.tail.isEmpty ? stderr.head : stderr.tail, as: UTF8.self)
            let line = said.split(separator: "\n").last.map(String.init) ?? "the sandbox said nothing"
            for prefix in ["bwrap: execvp ", "bwrap: "] where line.hasPrefix(prefix) {
                return .notStarted(message: String(line.dropFirst(prefix.count)))
            }
            return .notStarted(message: line)
        }
    }
}

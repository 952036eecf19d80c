import Sandbox
import Session
import Synchronization
import Text
import Workspace

/// The background commands of a run, at most `limit` at a time.
///
/// Their handles are p1, p2 and so on; they stay valid after the end of a command.
public final class RunningCommands: Sendable {
    private struct Entry {
        let handle: String
        let line: String
        let item: String
        let callID: String?
        let hasTerminal: Bool
        let limit: TimeLimit
        let running: RunningCommand
        /// Ends after the end of the command was recorded.
        let watcher: Task<Void, Never>
        /// The bytes of its output that the model knows.
        var seen = 0
        /// Whether the tree was scanned since it ended.
        var isSettled = false
    }

    /// The most commands at a time.
    static let limit = 16
    private static let outputLimit = 16 * 1024
    private static let longestEnd: Duration = .seconds(15)

    private let shell: ShellRunner
    /// How many were started before, by a process that has ended.
    private let earlierCount: Int
    private let entries = Mutex<[Entry]>([])

    /// Makes a list of commands that start like those of a runner.
    ///
    /// - Parameter earlierCount: How many the session had started before it goes on; their handles are not used again.
    public init(_ shell: ShellRunner, earlierCount: Int = 0) {
        self.shell = shell
        self.earlierCount = earlierCount
    }

    /// Starts a command, and waits for output; cancelling the task ends the wait.
    func start(
        _ line: String, hasTerminal: Bool = false, timeout: Duration? = nil, _ wait: CommandWait, callID: String? = nil
    ) async throws(ToolRefusal) -> String {
        await look(at: try launch(line, hasTerminal: hasTerminal, timeout: timeout, callID: callID), wait)
    }

    /// Waits for output of a command, and returns it.
    func poll(_ handle: String, _ wait: CommandWait) async throws(ToolRefusal) -> String {
        await look(at: try entry(handle), wait)
    }

    /// Writes to a command's input, and waits for output.
    func write(
        _ text: String, closes: Bool, to handle: String, _ wait: CommandWait
    ) async throws(ToolRefusal) -> String {
        try await write(text, closes: closes, to: try entry(handle), wait)
    }

    /// Stops a command, and returns its output.
    func stop(_ handle: String) async throws(ToolRefusal) -> String {
        let entry = try entry(handle)
        entry.running.stop()
        return await look(at: entry, CommandWait(limit: Self.longestEnd, text: nil))
    }

    /// The lines of the commands that may have changed files since the last call.
    public func takeUnsettled() -> [String] {
        entries.withLock { entries in
            var lines: [String] = []
            for index in entries.indices where !entries[index].isSettled {
                lines.append(entries[index].line)
                // A command that ends later is named once more.
                entries[index].isSettled = entries[index].running.result != nil
            }
            return lines
        }
    }

    /// Stops all commands and returns after their end, also if the task is cancelled.
    ///
    /// - Returns: The handles of the stopped commands.
    public func stopAll() async -> [String] {
        let all = entries.withLock { $0 }
        let live = all.filter { $0.running.result == nil }
        for entry in live { entry.running.stop() }
        for entry in all { await entry.watcher.value }
        return live.map(\.handle)
    }

    private func launch(
        _ line: String, hasTerminal: Bool, timeout: Duration?, callID: String?
    ) throws(ToolRefusal) -> Entry {
        let all = entries.withLock { $0 }
        let live = all.filter { $0.running.result == nil }.map(\.handle)
        guard live.count < Self.limit else {
            throw ToolRefusal(
                "\(live.count) commands run already, stop one first: \(live.joined(separator: ", "))")
        }
        let handle = "p\(earlierCount + all.count + 1)"
        let limit = TimeLimit(asked: timeout, usual: nil, longest: shell.longestTimeout)
        var request = CommandRequest(
            .shell(line), environment: shell.environment, timeout: limit.duration,
            log: .init(directory: shell.folder.output, name: handle))
        request.connection = hasTerminal ? .terminal(columns: 80, rows: 24) : .together
        let item = shell.events.nextItemID()
        request.onOutput = { [events = shell.events] in events.record(.progress(.output(of: item, $0.bytes))) }
        let running: RunningCommand
        do throws(SandboxError) { running = try shell.sandbox.start(request) } catch {
            throw ToolRefusal("the command cannot be started: \(error.message)")
        }
        let started = StartedCommand(handle: handle, command: line)
        shell.events.record(.itemStarted(RunItem(id: item, callID: callID, content: .startedCommand(started))))
        let watcher = Task { [events = shell.events, closedPaths = shell.closedPaths] in
            let result = await running.end()
            var ended = started
            ended.report = CommandReport(
                result, ending: result.ending(limit),
                output: OutputTruncation(byteLimit: Self.outputLimit, handle: handle).render(result.stdout)
                    + result.remarks(limit: limit))
            events.record(.itemCompleted(RunItem(id: item, callID: callID, content: .startedCommand(ended))))
            closedPaths.record(result, in: events)
            if let failure = result.stdout.file?.failure {
                events.record(.notice("the output of \(line) is not kept whole: \(failure)"))
            }
        }
        let entry = Entry(
            handle: handle, line: line, item: item, callID: callID, hasTerminal: hasTerminal, limit: limit,
            running: running,
            watcher: watcher)
        entries.withLock { $0.append(entry) }
        return entry
    }

    private func write(
        _ text: String, closes: Bool, to entry: Entry, _ wait: CommandWait
    ) async throws(ToolRefusal) -> String {
        var bytes = Array(text.utf8)
        // A terminal signals the end of input by a character at the beginning of a line.
        if closes, entry.hasTerminal { bytes += bytes.isEmpty || bytes.last == 0x0A ? [4] : [4, 4] }
        let known = entry.running.byteCount
        if !bytes.isEmpty, !entry.running.write(bytes) {
            guard entry.running.result != nil else {
                throw ToolRefusal("\(entry.handle) does not read, or its input has been closed")
            }
            return "nothing was written, it has ended\n" + (await look(at: entry, wait))
        }
        if closes, !entry.hasTerminal { entry.running.closeInput() }
        return await look(at: entry, wait, after: known)
    }

    /// Waits, and returns new output.
    ///
    /// - Parameter known: The part of the output in which a text does not count; nil for what the model knows.
    private func look(at entry: Entry, _ wait: CommandWait, after known: Int? = nil) async -> String {
        let seen = entry.seen
        let isFound = await entry.running.wait(upTo: wait.limit, until: wait.text, after: known ?? seen)
        let result = entry.running.result
        let range = seen..<max(seen, entry.running.byteCount)
        let new = entry.running.output(range)
        var text = OutputTruncation(byteLimit: Self.outputLimit, handle: entry.handle, offset: seen).render(new)
        // An unfinished character is left for the next call; what the disk did not accept is missing.
        let missing = range.count - new.totalBytes
        if missing > 3 { text += "[\(missing) bytes were not kept]\n" }
        let end = missing > 3 ? range.upperBound : seen + new.totalBytes
        entries.withLock { entries in
            if let index = entries.firstIndex(where: { $0.handle == entry.handle }) { entries[index].seen = end }
        }

        let nothing = text.isEmpty ? ", nothing new" : ""
        if let result {
            await entry.watcher.value
            let ending = result.ending(entry.limit)
            return "\(entry.handle): \(ending) after \(result.duration.spelled)\(nothing)\n\(text)"
                + result.remarks(limit: entry.limit)
        }
        if !text.isEmpty {
            let now = StartedCommand(
                handle: entry.handle, command: entry.line, output: text, outputRange: seen..<end)
            shell.events.record(
                .itemUpdated(RunItem(id: entry.item, callID: entry.callID, content: .startedCommand(now))))
        }
        let absent = wait.text.map { isFound ? "" : ", \"\($0)\" has not come" } ?? ""
        return "\(entry.handle): running\(absent)\(nothing)\n\(text)"
    }

    private func entry(_ handle: String) throws(ToolRefusal) -> Entry {
        let all = entries.withLock { $0 }
        if let entry = all.first(where: { $0.handle == handle }) { return entry }
        if let number = Int(handle.dropFirst()), handle == "p\(number)", 1...max(1, earlierCount) ~= number,
            earlierCount > 0
        {
            throw ToolRefusal("\(handle) ended when Graft was stopped")
        }
        let known = all.isEmpty ? "none has been started" : "there are \(all.map(\.handle).joined(separator: ", "))"
        throw ToolRefusal("no started command is called \"\(CommandHandle.shown(handle))\": \(known)")
    }
}

extension RunningCommand {
    /// Waits for its end, also if the task is cancelled.
    fileprivate func end() async -> CommandResult {
        while true {
            if let result { return result }
            await wait(upTo: .seconds(3600))
        }
    }
}

extension CommandResult {
    /// How a started command ended, in a few words.
    fileprivate func ending(_ limit: TimeLimit) -> String {
        outcome == .cancelled ? CommandReport.stopped : outcome.explained(timeout: limit.duration)
    }
}

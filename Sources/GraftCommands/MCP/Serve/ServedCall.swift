import Glibc
import JSON
import JSONRPC
import OS
import Session
import Synchronization
import Text

/// A call of the server: a graft of its own, which is stopped as ctrl-C stops it.
final class ServedCall: Sendable {
    private struct State {
        var process: ProcessDescriptor?
        var isStopped = false
        var hasEnded = false
    }

    /// How long a graft that was stopped may clear up before it is stopped at once.
    private static let patience: Duration = .seconds(20)
    /// The most bytes of an answer in text.
    private static let textLimit = 256 * 1024

    private let tool: ServedTool
    private let words: [String]
    private let folder: String
    private let environment: [String: String]
    private let state = Mutex(State())

    /// Prepares a call.
    ///
    /// - Throws: `Refusal` for arguments that do not fit, and a folder that is not there.
    init(_ tool: ServedTool, _ arguments: JSON?, environment: [String: String]) throws(Refusal) {
        self.tool = tool
        words = try tool.words(arguments)
        let wanted = try ServedArguments(tool: tool.rawValue, json: arguments).text("cwd") ?? "."
        guard let folder = FilePath.resolved(FilePath.absolute(wanted, home: environment["HOME"] ?? "/")),
            FilePath.kind(folder) == .folder
        else { throw Refusal("there is no folder \(wanted.quoted)") }
        self.folder = folder
        self.environment = environment
    }

    /// Runs the call to its end.
    ///
    /// - Parameter tell: Is told of progress, with a number that grows.
    func run(_ tell: @escaping @Sendable (String, Int) -> Void) async -> ServedAnswer {
        await CommandThread.run { self.runBlocking(tell) }
    }

    /// Stops the call, which then ends with what it has come to.
    func stop() {
        let process = state.withLock { state in
            state.isStopped = true
            return state.process
        }
        guard let process else { return }
        process.send(SIGINT)
        Task {
            // It clears up within its own limits; whatever hangs is killed with its commands.
            try? await Task.sleep(for: Self.patience)
            if !state.withLock({ $0.hasEnded }) { process.send(SIGINT) }
            try? await Task.sleep(for: Self.patience)
            if !state.withLock({ $0.hasEnded }) { process.send(SIGKILL) }
        }
    }

    private func runBlocking(_ tell: @Sendable (String, Int) -> Void) -> ServedAnswer {
        let (output, errors): (Descriptor, Descriptor)
        let process: ChildProcess
        do throws(SystemError) {
            guard let program = FilePath.resolved("/proc/self/exe") else { throw SystemError("find graft", ENOENT) }
            let (out, err) = (try Pipe(), try Pipe())
            let null = try Descriptor(opening: "/dev/null", O_RDONLY)
            process = try ChildProcess(
                path: program, arguments: ["graft"] + words, environment: environment.map { "\($0.key)=\($0.value)" },
                directory: folder, descriptors: [null, out.writing, err.writing])
            (output, errors) = (out.reading, err.reading)
        } catch { return ServedAnswer(failure: "graft cannot be started: \(error.description)") }
        let running = process.process
        let isStopped = state.withLock { state in
            state.process = running
            return state.isStopped
        }
        if isStopped { process.send(SIGINT) }
        let said = follow(output, errors, tell)
        _ = process.waitForEnd(milliseconds: -1)
        let end = process.reap()
        state.withLock { $0.hasEnded = true }
        var status: Int32 = 70
        if case .exited(let code)? = end?.how { status = code }
        return ServedAnswer(tool, output: said.output, errors: said.errors, result: said.result, exitCode: status)
    }

    /// Reads both streams to their ends.
    private func follow(
        _ output: Descriptor, _ errors: Descriptor, _ tell: (String, Int) -> Void
    ) -> (output: String, errors: String, result: JSON?) {
        var (text, told) = ([UInt8](), [UInt8]())
        var (result, number) = (JSON?.none, 0)
        var splitter = LineSplitter(limit: 64 << 20)
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        var open = [output.raw, errors.raw]
        while open.contains(where: { $0 >= 0 }) {
            var entries = open.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            guard poll(&entries, 2, -1) > 0 else { continue }
            for index in 0...1 where entries[index].revents != 0 {
                let count = read(open[index], &buffer, buffer.count)
                if count < 0, errno == EINTR || errno == EAGAIN { continue }
                guard count > 0 else {
                    open[index] = -1
                    continue
                }
                let bytes = buffer[..<count]
                if index == 1 {
                    told = Array((told + bytes).suffix(Self.textLimit))
                } else if tool.reading == .text {
                    text = Array((text + bytes).prefix(Self.textLimit))
                } else {
                    for case .line(let line) in splitter.feed(Array(bytes)) {
                        guard let event = try? JSON(line) else { continue }
                        if event["type"]?.string == "run.finished" { result = event }
                        guard let words = ServedProgress.words(of: event) else { continue }
                        number += 1
                        tell(words, number)
                    }
                }
            }
        }
        return (String(decoding: text, as: UTF8.self), String(decoding: told, as: UTF8.self), result)
    }
}

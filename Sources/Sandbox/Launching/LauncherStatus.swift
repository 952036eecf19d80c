import Glibc
import OS

/// The launcher's reports on its status pipe.
struct LauncherStatus {
    private let pipe: Descriptor
    private var said: [UInt8] = []
    private(set) var hasMoreToSay = true

    init(_ pipe: Descriptor) {
        self.pipe = pipe
    }

    var descriptor: Int32 { hasMoreToSay ? pipe.raw : -1 }

    /// Reads what is available, without waiting.
    mutating func read() {
        var buffer = [UInt8](repeating: 0, count: 1024)
        while hasMoreToSay {
            let count = Glibc.read(pipe.raw, &buffer, buffer.count)
            if count > 0 {
                said += buffer[..<count]
            } else if count == 0 {
                hasMoreToSay = false
            } else if errno != EINTR {
                break
            }
        }
    }

    private var lines: [String] {
        // The text behind the last line break may be an incomplete line.
        said.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// Waits until the sandbox is ready for a command.
    mutating func waitUntilReady(_ timeout: Duration) throws(LaunchFailure) {
        let deadline = ContinuousClock.now + timeout
        while lines.first != Self.readiness {
            if case .failed(let message) = outcome { throw LaunchFailure(message) }
            guard hasMoreToSay else { throw LaunchFailure("the launcher ended and said nothing") }
            guard ContinuousClock.now < deadline else { throw LaunchFailure("making a sandbox takes too long") }
            var entry = pollfd(fd: pipe.raw, events: Int16(POLLIN), revents: 0)
            _ = poll(&entry, 1, 1000)
            read()
        }
    }

    private static let readiness = "ready 0"

    /// The usage of all processes; nil until the last one has ended.
    var usage: CommandResult.Usage? {
        guard let line = lines.last, line.hasPrefix("gone ") else { return nil }
        let numbers = line.split(separator: " ").dropFirst().compactMap { Int($0) }
        guard numbers.count == 3 else { return nil }
        return CommandResult.Usage(
            user: .microseconds(numbers[0]), system: .microseconds(numbers[1]), peakResidentBytes: numbers[2] * 1024)
    }

    private static let memoryUsedUp = "out-of-memory 0"

    /// Whether the launcher has killed the command because memory was used up.
    var ranOutOfMemory: Bool { lines.contains(Self.memoryUsedUp) }

    /// How the command ended; nil without such a report.
    ///
    /// The first report is valid: a launcher that fails kills its processes and reports their end afterwards.
    var outcome: Ending.How? {
        let line = lines.first { $0 != Self.readiness && $0 != Self.memoryUsedUp && !$0.hasPrefix("gone ") }
        let words = line?.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false) ?? []
        guard words.count >= 2, let number = Int32(words[1]) else { return nil }
        switch words[0] {
        case "exited": return .exited(number)
        case "signalled": return .signalled(number)
        default:
            let attempt = words.count > 2 ? String(words[2]) : "start"
            if number == ENOENT, attempt.hasPrefix("run ") {
                return .failed("\(attempt.dropFirst("run ".count)): command not found")
            }
            return .failed("cannot \(attempt): \(SystemError.text(number))")
        }
    }
}

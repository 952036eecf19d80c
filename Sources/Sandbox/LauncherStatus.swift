import Glibc

/// What the launcher says on its status pipe.
struct LauncherStatus {
    private let pipe: Descriptor
    private var said: [UInt8] = []
    private(set) var hasMoreToSay = true

    init(_ pipe: Descriptor) {
        self.pipe = pipe
    }

    var descriptor: Int32 { hasMoreToSay ? pipe.raw : -1 }

    /// Reads what has come, without waiting.
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

    /// How it ended; nil if nothing was said.
    ///
    /// The first thing said counts: a launcher that failed ends its processes, which is told too.
    var outcome: Ending.How? {
        let line = said.split(separator: UInt8(ascii: "\n")).first.map { String(decoding: $0, as: UTF8.self) }
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
            return .failed("cannot \(attempt): \(SystemMessage.text(number))")
        }
    }
}

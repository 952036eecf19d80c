import ArgumentParser
import Glibc
import Review

/// The flags that give a commit's message.
struct MessageOptions: ParsableArguments {
    @Option(
        name: [.customShort("m"), .long],
        help: ArgumentHelp("The message; given more than once, each one is a paragraph.", valueName: "text"))
    var message: [String] = []

    @Option(
        name: [.customShort("F"), .long],
        help: ArgumentHelp("A file with the message; - is standard input.", valueName: "file"))
    var file: String?

    /// Whether there is one.
    var isGiven: Bool { !message.isEmpty || file != nil }

    func validate() throws {
        if !message.isEmpty, file != nil { throw ValidationError("give the message with -m or with -F, not both") }
    }

    /// The message; nil if none is given.
    func text() throws -> String? {
        guard let file else { return message.isEmpty ? nil : message.joined(separator: "\n\n") }
        let descriptor = file == "-" ? 0 : open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(file) }
        defer { if descriptor != 0 { close(descriptor) } }
        var bytes: [UInt8] = []
        while true {
            let count = withUnsafeTemporaryAllocation(byteCount: 65536, alignment: 1) { buffer in
                let count = read(descriptor, buffer.baseAddress, buffer.count)
                if count > 0 { bytes.append(contentsOf: buffer.prefix(count)) }
                return count
            }
            if count == 0 { break }
            guard count > 0 || errno == EINTR else { throw failure(file) }
            guard bytes.count < 1 << 20 else { throw ReviewError(.usage, "the message is longer than 1 MB") }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ReviewError(.usage, "the message is not UTF-8")
        }
        return text
    }

    private func failure(_ file: String) -> ReviewError {
        ReviewError(.usage, "cannot read the message from \(file): \(String(cString: strerror(errno)))")
    }
}
